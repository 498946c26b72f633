import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Frame } from '@/components/shell/frame';
import { Providers } from '@/components/shell/providers';
import { parseTheme, THEME_COOKIE } from '@/lib/client/theme';
import { inter, jetbrainsMono } from './fonts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Weir', template: '%s · Weir' },
  description: 'What happened to every batch that went through the pipeline.',
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme} className={`${inter.variable} ${jetbrainsMono.variable}`}>
      <body>
        <Providers>
          <Frame theme={theme}>{children}</Frame>
        </Providers>
      </body>
    </html>
  );
}
