/** The theme is a cookie, so that the server renders `data-theme` and nothing flashes. */
export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];
export const THEME_COOKIE = 'weir.theme';

export function parseTheme(text: string | undefined): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}
