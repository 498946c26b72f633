'use client';
import { Check } from 'lucide-react';
import { CodeBlock } from '@/components/ui/code-block';
import { cx } from '@/components/ui/cx';
import { Panel } from '@/components/ui/panel';
import type { EngineInfo } from '@/lib/api/engines';
import { formatClock } from '@/lib/base/format';
import type { ConnectPart } from '@/lib/dialects/connect-guides';
import type { Endpoints } from '@/lib/dialects/connect-texts';
import { type SignState, signState } from './signs';

export function ConnectPartCard(props: {
  readonly part: ConnectPart;
  readonly number: number;
  readonly source: EngineInfo | null;
  readonly endpoints: Endpoints;
}) {
  const { part, number, source, endpoints } = props;
  return (
    <Panel
      label={part.title}
      className="grid grid-cols-[minmax(0,260px)_minmax(0,1fr)] gap-4 p-3 max-[900px]:grid-cols-1 max-[900px]:gap-2"
    >
      <div className="flex flex-col gap-1.5">
        <h2 className="flex items-baseline gap-2 text-m font-semibold">
          <span className="num text-s font-normal text-ink-3">{number}</span>
          {part.title}
        </h2>
        {part.sign === null ? null : <Tick title={part.title} state={signState(part.sign, source)} />}
        <p className="text-s text-ink-2">{part.note}</p>
      </div>
      <CodeBlock label={`${part.title}: ${languageOf(part.code(endpoints))}`} code={part.code(endpoints)} />
    </Panel>
  );
}

/** Said aloud as it changes: people paste in another window. */
function Tick({ title, state }: { readonly title: string; readonly state: SignState }) {
  const arrived = state.kind === 'arrived';
  const since = arrived && state.sinceUnixNano !== null ? ` since ${formatClock(state.sinceUnixNano)}` : '';
  return (
    <p
      role="status"
      aria-label={`${title}: ${arrived ? `arriving${since}` : 'nothing yet'}`}
      className={cx('flex items-center gap-1.5 text-s', arrived ? 'text-ok' : 'text-ink-3')}
    >
      {arrived ? (
        <Check size={14} strokeWidth={2.5} aria-hidden="true" />
      ) : (
        <span aria-hidden="true" className="mx-[3px] size-2 rounded-full border border-current" />
      )}
      {arrived ? 'arriving' : 'nothing yet'}
      <span className="num">{since}</span>
    </p>
  );
}

function languageOf(code: string): string {
  if (/^[A-Z_]+=/.test(code)) return 'Environment';
  return /^\w+:/.test(code) ? 'YAML' : 'Shell';
}
