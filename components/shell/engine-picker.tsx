'use client';
import { ChevronDown } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dot, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Menu, MenuCheckItem, MenuGroup, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { usePageHref } from '@/components/ui/use-page-href';
import type { EngineInfo } from '@/lib/api/engines';
import { useEngines, useSelectedEngine } from '@/lib/client/queries';
import { useEngineParam, usePipelineParam } from '@/lib/client/url-state';
import { type EngineChoice, engineChoices } from './engine-choices';

export function EnginePicker() {
  const { data: engines } = useEngines();
  const selected = useSelectedEngine();
  const [pipeline, setPipeline] = usePipelineParam();
  const [, setEngine] = useEngineParam();
  const groups = engineChoices(engines ?? []);
  const all = groups.flatMap((group) => group.choices);
  const wanted = pipeline || (selected?.pipelines[0] ?? '');
  const at = all.findIndex((choice) => choice.engine.id === selected?.id && choice.pipeline === wanted);
  const router = useRouter();
  const href = usePageHref();
  const goToAll = () => router.push(`${href('/settings')}#engines`);
  const choose = (choice: EngineChoice) => {
    void setEngine(choice.engine.id);
    void setPipeline(choice.pipeline || null);
  };
  if (!selected) {
    return (
      <span className="inline-flex h-[26px] items-center gap-2 rounded-m border border-line px-2.5 text-s text-ink-3">
        <Dot tone="off" />
        {engines ? 'no engine yet' : 'asking …'}
      </span>
    );
  }
  return (
    <Menu
      className="w-72"
      trigger={
        <Button className="max-w-64 min-w-0" aria-label={`Engine ${selected.service}, pipeline ${wanted}`}>
          <EngineDot engine={selected} />
          <b className="max-w-32 flex-none truncate font-semibold text-ink">{wanted || selected.service}</b>
          <span className="truncate text-ink-3 max-lg:hidden">
            {wanted ? selected.service : ''}
            {all.length > 1 ? ` · ${at + 1} of ${all.length}` : ''}
          </span>
          <ChevronDown size={12} aria-hidden="true" className="flex-none text-ink-3" />
        </Button>
      }
    >
      {groups.map((group) => (
        <MenuGroup key={group.service} label={group.service}>
          {group.choices.map((choice) => (
            <MenuCheckItem
              key={`${choice.engine.id} ${choice.pipeline}`}
              closeOnClick
              checked={choice === all[at]}
              onChange={() => choose(choice)}
            >
              <EngineDot engine={choice.engine} />
              <span className="min-w-0 flex-1 truncate text-ink">
                {choice.pipeline || choice.engine.service}
              </span>
              <span className="num truncate text-ink-3" title={choice.engine.instance}>
                {choice.engine.host || choice.engine.instance.slice(0, 8)}
              </span>
            </MenuCheckItem>
          ))}
          {group.more > 0 && <AllEngines label={`${group.more} more …`} onChoose={goToAll} />}
        </MenuGroup>
      ))}
      <MenuSeparator />
      <AllEngines label="All engines, with their health …" onChoose={goToAll} />
    </Menu>
  );
}

function AllEngines(props: { readonly label: string; readonly onChoose: () => void }) {
  return (
    <MenuItem onSelect={props.onChoose}>
      <span className="text-accent">{props.label}</span>
    </MenuItem>
  );
}

function EngineDot({ engine }: { readonly engine: EngineInfo }) {
  const { tone, label } = healthOf(engine);
  return <Dot tone={tone} label={label} />;
}

function healthOf(engine: EngineInfo): { readonly tone: Tone | 'off'; readonly label: string } {
  if (!engine.connected) return { tone: 'bad', label: 'disconnected' };
  if (engine.agent?.conflict) return { tone: 'bad', label: 'its identity is claimed twice' };
  if (engine.remoteConfig?.status === 'failed') return { tone: 'bad', label: 'refused its last change' };
  const health = engine.agent?.health;
  if (!health) return { tone: 'ok', label: 'reporting' };
  return health.healthy
    ? { tone: 'ok', label: 'healthy' }
    : { tone: 'warn', label: `unhealthy: ${health.lastError || health.status}` };
}
