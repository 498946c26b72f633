'use client';
/** Short notes that come and go, at the lower edge; at most three, spoken politely. */
import { useEffect } from 'react';
import { createValueStore, useValue } from '@/lib/client/value-store';
import { IconButton } from './button';
import { cx } from './cx';

export interface Toast {
  readonly id: number;
  readonly tone: 'note' | 'ok' | 'bad';
  readonly text: string;
}

const MAX_TOASTS = 3;
const SHOWN_MS = 5_000;
const store = createValueStore<readonly Toast[]>([]);
let nextId = 1;

export function showToast(text: string, tone: Toast['tone'] = 'note'): void {
  const toast = { id: nextId, tone, text };
  nextId += 1;
  store.set([...store.get(), toast].slice(-MAX_TOASTS));
}

function dismiss(id: number): void {
  store.set(store.get().filter((toast) => toast.id !== id));
}

export function Toaster() {
  const toasts = useValue(store);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed bottom-4 left-1/2 z-50 flex -translate-x-1/2 flex-col gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id]);
  const tone = { note: 'border-line', ok: 'border-ok/60', bad: 'border-bad/60' }[toast.tone];
  return (
    <div
      className={cx(
        'pointer-events-auto flex max-w-lg items-center gap-2 rounded-m border bg-raised py-1 pl-3 pr-1 text-s shadow-pop',
        tone,
      )}
    >
      <span className="min-w-0 flex-1">{toast.text}</span>
      <IconButton label="Dismiss" onClick={() => dismiss(toast.id)}>
        ✕
      </IconButton>
    </div>
  );
}
