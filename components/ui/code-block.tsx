'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button';
import { cx } from './cx';
import { ScrollRegion } from './scroll-region';

const SAID_FOR_MS = 1_500;

export function CopyButton(props: {
  readonly text: string;
  readonly label?: string;
  readonly className?: string;
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    navigator.clipboard.writeText(props.text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  const Icon = state === 'copied' ? Check : Copy;
  const said = { idle: props.label ?? 'Copy', copied: 'Copied', failed: 'Not allowed' }[state];
  return (
    <Button className={cx('!h-6', props.className)} onClick={() => void copy()}>
      <Icon size={12} aria-hidden="true" />
      <span aria-live="polite">{said}</span>
    </Button>
  );
}

export function CodeBlock(props: {
  readonly code: string;
  readonly label?: string;
  readonly className?: string;
}) {
  return (
    <figure className={cx('w-full overflow-hidden rounded-m border border-line bg-sunken', props.className)}>
      <figcaption className="flex items-center justify-between gap-2 border-b border-line px-2 py-1">
        <span className="eyebrow">{props.label ?? ''}</span>
        <CopyButton text={props.code} />
      </figcaption>
      <ScrollRegion label={props.label ?? 'Code'} className="overflow-auto p-2">
        <pre className="num leading-[1.5] [font-variant-ligatures:none]">{props.code}</pre>
      </ScrollRegion>
    </figure>
  );
}
