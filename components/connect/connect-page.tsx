'use client';

/** Connect an engine: what to paste for each kind of source, and a tick for each part as its first data arrives. */
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Select } from '@/components/ui/select';
import { Loading } from '@/components/ui/states';
import { Tabs } from '@/components/ui/tabs';
import { useEngines, useHealth } from '@/lib/client/queries';
import { CONNECT_GUIDES, type ConnectGuide, GUIDE_KEYS } from '@/lib/dialects/connect-guides';
import type { Endpoints } from '@/lib/dialects/connect-texts';
import { ConnectPartCard } from './connect-part';
import { sourcesOf } from './signs';

export function ConnectPage() {
  const [key, setKey] = useQueryState('kind', parseAsStringLiteral(GUIDE_KEYS).withDefault('collector'));
  const { data: health } = useHealth();
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-[1040px] flex-col gap-3 p-4">
        <header className="flex flex-col gap-1">
          <h1 className="text-l font-semibold">Connect an engine</h1>
          <p className="text-s text-ink-2">
            Anything that speaks OpenTelemetry can be watched. Paste a part, restart the source; its tick
            turns on as the first data of it arrives.
          </p>
        </header>
        {health ? (
          <Tabs
            label="Kind of source"
            value={key}
            onChange={(next) => void setKey(next)}
            items={CONNECT_GUIDES.map((guide) => ({
              value: guide.key,
              label: guide.title,
              panel: <Guide guide={guide} endpoints={health.endpoints} />,
            }))}
          />
        ) : (
          <Loading />
        )}
      </div>
    </div>
  );
}

function Guide({ guide, endpoints }: { readonly guide: ConnectGuide; readonly endpoints: Endpoints }) {
  const { data: engines } = useEngines();
  const [wanted, setWanted] = useQueryState('source', { defaultValue: '' });
  const sources = sourcesOf(guide, engines ?? []);
  const source = sources.find(({ id }) => id === wanted) ?? sources[0] ?? null;
  return (
    <div className="flex flex-col gap-3 pt-3">
      <p className="flex min-h-[26px] items-center gap-2 text-s text-ink-2">
        {source ? 'Looking at' : 'No such source has reported yet: every part waits for its first data.'}
        {source && sources.length > 1 ? (
          <Select
            label="Source"
            value={source.id}
            options={sources.map(({ id }) => ({ value: id, label: id }))}
            onChange={(id) => void setWanted(id)}
          />
        ) : null}
        {source && sources.length === 1 ? <b className="font-medium text-ink">{source.id}</b> : null}
      </p>
      <ol className="flex flex-col gap-3">
        {guide.parts.map((part, i) => (
          <li key={part.key}>
            <ConnectPartCard part={part} number={i + 1} source={source} endpoints={endpoints} />
          </li>
        ))}
      </ol>
    </div>
  );
}
