'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '@/components/ui/cx';
import { usePageHref } from '@/components/ui/use-page-href';
import { Logo } from './logo';
import { PAGES } from './nav';

export function Rail() {
  const pathname = usePathname();
  const hrefFor = usePageHref();
  return (
    <nav
      aria-label="Pages"
      className="flex w-[var(--rail)] flex-none flex-col items-center gap-0.5 border-r border-line bg-surface pt-2"
    >
      <Link href={hrefFor('/')} aria-label="Weir, start page" className="mb-2 text-accent">
        <Logo />
      </Link>
      {PAGES.map(({ href, name, icon: Icon }) => {
        const here = href === '/' ? pathname === '/' : pathname.startsWith(href);
        return (
          <Link
            key={href}
            href={hrefFor(href)}
            aria-current={here ? 'page' : undefined}
            className={cx(
              'flex h-[50px] w-full flex-col items-center justify-center gap-[3px] border-l-2 text-2xs tracking-[0.01em] focus-visible:-outline-offset-2',
              here ? 'border-accent text-ink' : 'border-transparent text-ink-3 hover:text-ink',
            )}
          >
            <Icon size={17} strokeWidth={1.7} aria-hidden="true" />
            {name}
          </Link>
        );
      })}
    </nav>
  );
}
