'use client';

/** Everyone who reports: by service and by the configuration that they run, the worst first; behind each its health and what ails it. */
import { ChevronRight } from 'lucide-react';
import { Fragment, useState } from 'react';
import { Badge, Dot } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { Panel, PanelHeader } from '@/components/ui/panel';
import { Table, Td, Th } from '@/components/ui/table';
import type { EngineInfo } from '@/lib/api/engines';
import { formatClock } from '@/lib/base/format';
import { useSelectedEngine } from '@/lib/client/queries';
import { useEngineParam, usePipelineParam } from '@/lib/client/url-state';
import { EngineDetails } from './engine-details';
import { type ConfigGroup, fleetOf, type ServiceGroup, stateOf } from './fleet';
import { WhoseAgent } from './whose-agent';

/** Shown of each group until all are asked for. */
const FIRST = 8;
const COLUMNS = 7;

export function EnginesPanel({ engines }: { readonly engines: readonly EngineInfo[] }) {
  const groups = fleetOf(engines);
  const troubled = groups.reduce((sum, group) => sum + group.inTrouble, 0);
  return (
    <Panel label="Engines" id="engines">
      <PanelHeader
        title="Engines"
        aside={
          <span className="text-xs text-ink-3">
            {engines.length} in {groups.length} {groups.length === 1 ? 'service' : 'services'}
            {troubled > 0 && <span className="text-bad"> · {troubled} in trouble</span>}
          </span>
        }
      />
      <div className="max-h-[480px] overflow-auto">
        <Table label="Engines">
          <thead>
            <tr>
              <Th className="w-6">
                <span className="sr-only">details</span>
              </Th>
              <Th>instance</Th>
              <Th>host</Th>
              <Th>state</Th>
              <Th>agent</Th>
              <Th>last heard</Th>
              <Th>
                <span className="sr-only">choose</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Service key={group.service} group={group} />
            ))}
          </tbody>
        </Table>
      </div>
    </Panel>
  );
}

function Service({ group }: { readonly group: ServiceGroup }) {
  return (
    <>
      <tr>
        <th
          colSpan={COLUMNS}
          scope="rowgroup"
          className="border-b border-line bg-sunken px-2 py-1 text-left text-s"
        >
          <span className="font-semibold">{group.service}</span>{' '}
          <span className="num text-xs font-normal text-ink-3">
            {group.count} {group.count === 1 ? 'engine' : 'engines'}
            {group.configs.length > 1 && ` · ${group.configs.length} configurations`}
          </span>
          {group.inTrouble > 0 && (
            <Badge tone="bad" className="ml-2">
              {group.inTrouble} in trouble
            </Badge>
          )}
        </th>
      </tr>
      {group.configs.map((config) => (
        <Configured key={config.hash ?? ''} config={config} alone={group.configs.length === 1} />
      ))}
    </>
  );
}

function Configured({ config, alone }: { readonly config: ConfigGroup; readonly alone: boolean }) {
  const [all, setAll] = useState(false);
  const shown = all ? config.engines : config.engines.slice(0, FIRST);
  const rest = config.engines.length - shown.length;
  return (
    <>
      {(!alone || config.hash !== null) && (
        <tr>
          <td colSpan={COLUMNS} className="border-b border-line/60 px-2 py-0.5 text-xs text-ink-3">
            configuration{' '}
            <span className="num text-ink-2" title={config.hash ?? undefined}>
              {config.hash?.slice(0, 12) ?? 'not told'}
            </span>{' '}
            · {config.engines.length}
          </td>
        </tr>
      )}
      {shown.map((engine) => (
        <Row key={engine.id} engine={engine} />
      ))}
      {rest > 0 && (
        <tr>
          <td colSpan={COLUMNS} className="border-b border-line/60 px-2 py-1">
            <Button onClick={() => setAll(true)}>{rest} more, none worse than these</Button>
          </td>
        </tr>
      )}
    </>
  );
}

function Row({ engine }: { readonly engine: EngineInfo }) {
  const [open, setOpen] = useState(false);
  const selected = useSelectedEngine();
  const [, setEngine] = useEngineParam();
  const [, setPipeline] = usePipelineParam();
  const { tone, label } = stateOf(engine);
  const isChosen = selected?.id === engine.id;
  return (
    <Fragment>
      <tr className={isChosen ? 'bg-accent-bg/40' : 'hover:bg-free/30'}>
        <Td>
          <IconButton
            label={open ? `Hide details of ${engine.id}` : `Show details of ${engine.id}`}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={14} aria-hidden="true" className={open ? 'rotate-90' : ''} />
          </IconButton>
        </Td>
        <Td className="num max-w-56 truncate" title={engine.instance}>
          {engine.instance || engine.id}
        </Td>
        <Td className="max-w-40 truncate text-ink-2">{engine.host || '–'}</Td>
        <Td className="max-w-72 truncate" title={label}>
          <Dot tone={tone} className="mr-1.5" />
          {label}
        </Td>
        <Td className="text-ink-2">
          {engine.agent ? (engine.agent.transport === 'ws' ? 'WebSocket' : 'HTTP') : 'none'}
        </Td>
        <Td className="num text-ink-2">{formatClock(engine.lastSeenUnixNano)}</Td>
        <Td className="text-right">
          {isChosen ? (
            <Badge tone="accent">chosen</Badge>
          ) : (
            <Button
              aria-label={`Choose ${engine.id}`}
              onClick={() => {
                void setEngine(engine.id);
                void setPipeline(null);
              }}
            >
              Choose
            </Button>
          )}
        </Td>
      </tr>
      {engine.mayBe.length > 0 && (
        <tr>
          <td colSpan={COLUMNS} className="border-b border-line px-9 py-1.5">
            <WhoseAgent engine={engine} />
          </td>
        </tr>
      )}
      {open && (
        <tr>
          <td colSpan={COLUMNS} className="border-b border-line bg-sunken px-9 py-3">
            <EngineDetails engine={engine} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}
