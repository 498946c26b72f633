/** Sets the theme here and now, and in the cookie for the next page. */
import { THEME_COOKIE, THEMES, type Theme } from './theme';

const YEAR_MS = 365 * 86_400_000;

export async function applyTheme(theme: Theme): Promise<void> {
  document.documentElement.dataset.theme = theme;
  window.dispatchEvent(new CustomEvent('weir:theme'));
  // A browser without the Cookie Store API keeps the theme for as long as the page is open.
  if (!('cookieStore' in window)) return;
  await window.cookieStore.set({
    name: THEME_COOKIE,
    value: theme,
    path: '/',
    sameSite: 'lax',
    expires: Date.now() + YEAR_MS,
  });
}

export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
}
