'use client';
import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { formatCount } from '@/lib/base/format';
import { useShortcut } from '@/lib/client/use-shortcut';

/** Search inside a trace: text, attribute, `>5ms`, `error`; which of how many, next and previous. */
export function TraceSearch(props: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly at: number;
  readonly total: number | null;
  readonly onStep: (by: number) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(props.value);
  useShortcut('search', () => input.current?.focus());
  const { total } = props;
  return (
    <search className="flex h-[24px] items-center gap-1">
      <span className="relative">
        <Search size={12} aria-hidden="true" className="absolute left-2 top-[6px] text-ink-3" />
        <input
          ref={input}
          type="text"
          aria-label="Search in this trace"
          placeholder="Search: text, >5ms, error …"
          value={typed}
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value);
            props.onChange(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onStep(event.shiftKey ? -1 : 1);
            if (event.key !== 'Escape') return;
            setTyped('');
            props.onChange('');
            event.currentTarget.blur();
          }}
          className="h-[24px] w-52 rounded-m border border-line bg-sunken pl-6 pr-2 text-s text-ink placeholder:text-ink-3 hover:border-line-strong"
        />
      </span>
      {total === null ? null : (
        <>
          <span role="status" className="num min-w-14 text-center text-xs text-ink-3">
            {total === 0 ? 'none' : `${formatCount(props.at + 1)} of ${formatCount(total)}`}
          </span>
          <IconButton label="Previous match" disabled={total === 0} onClick={() => props.onStep(-1)}>
            <ChevronUp size={13} aria-hidden="true" />
          </IconButton>
          <IconButton label="Next match" disabled={total === 0} onClick={() => props.onStep(1)}>
            <ChevronDown size={13} aria-hidden="true" />
          </IconButton>
        </>
      )}
    </search>
  );
}
