/** Handlers by shortcut id. The page that mounted last answers; the listener stands once, in the shell. */
import { useEffect, useRef } from 'react';
import { keyName, matchShortcut, SEQUENCE_MS, type ShortcutId } from './shortcuts';

type Handler = () => void;
const handlers = new Map<ShortcutId, Handler[]>();

export function useShortcut(id: ShortcutId, handler: Handler, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    const call = () => latest.current();
    const stack = handlers.get(id) ?? [];
    handlers.set(id, [...stack, call]);
    return () => {
      handlers.set(
        id,
        (handlers.get(id) ?? []).filter((entry) => entry !== call),
      );
    };
  }, [id, enabled]);
}

/** True where a key belongs to what has the focus: text, a list of choices, and space on whatever it presses. */
export function belongsToFocus(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key.startsWith('mod+')) return false;
  if (target.closest('input, textarea, select, [contenteditable="true"], [role="menu"], [role="listbox"]')) {
    return !(target instanceof HTMLInputElement && (target.type === 'checkbox' || target.type === 'radio'))
      ? true
      : key === 'space';
  }
  if (target.closest('[role="dialog"]')) return true;
  return key === 'space' && target.closest('button, a, summary, [role="button"], [role="tab"]') !== null;
}

/** Mounted once. */
export function useShortcutListener(): void {
  useEffect(() => {
    let pending: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      const key = keyName(event);
      if (event.defaultPrevented || key === null || belongsToFocus(event.target, key)) return;
      const match = matchShortcut(pending, key);
      clearTimeout(timer);
      pending = null;
      if (match === null) return;
      if ('pending' in match) {
        pending = match.pending;
        timer = setTimeout(() => {
          pending = null;
        }, SEQUENCE_MS);
        return;
      }
      const handler = handlers.get(match.id)?.at(-1);
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
