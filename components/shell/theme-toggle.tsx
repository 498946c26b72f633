'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { applyTheme, nextTheme } from '@/lib/client/apply-theme';
import type { Theme } from '@/lib/client/theme';

const ICONS = { system: Monitor, dark: Moon, light: Sun } as const;

export function ThemeToggle({ initial }: { readonly initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const Icon = ICONS[theme];
  const change = () => {
    const next = nextTheme(theme);
    setTheme(next);
    void applyTheme(next);
  };
  return (
    <IconButton
      label={`Theme: ${theme}`}
      title={`Theme: ${theme}; click for ${nextTheme(theme)}`}
      onClick={change}
    >
      <Icon size={14} aria-hidden="true" />
    </IconButton>
  );
}
