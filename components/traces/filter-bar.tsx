'use client';
import { ListFilter, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Menu, MenuCheckItem, MenuGroup, MenuItem } from '@/components/ui/menu';
import { formatClock, formatMs } from '@/lib/base/format';
import { useControlActions, useSelectedEngine, useTopology, useTracingSettings } from '@/lib/client/queries';
import { useShortcut } from '@/lib/client/use-shortcut';
import { SIGNALS } from '@/lib/semconv/signals';
import { applyFilterText, chipsOf, type ListFilters, NO_FILTERS } from './filter-text';

const DURATIONS_MS = [10, 100, 1_000, 5_000] as const;

export function FilterBar(props: {
  readonly filters: ListFilters;
  readonly range: { readonly from: string | null; readonly to: string | null };
  readonly onChange: (filters: ListFilters) => void;
  readonly onClearRange: () => void;
}) {
  const { filters, range, onChange } = props;
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  useShortcut('search', () => input.current?.focus());
  const chips = chipsOf(filters, formatMs);
  const brushed = range.from !== null || range.to !== null;
  return (
    <search className="flex flex-wrap items-center gap-1.5">
      <input
        ref={input}
        type="text"
        aria-label="Filter traces"
        placeholder="Filter: batch, node, status:error, >1s …"
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && text.trim() !== '') {
            onChange(applyFilterText(filters, `${filters.q} ${text}`));
            setText('');
          }
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        className="h-[26px] w-72 rounded-m border border-line bg-sunken px-2.5 text-s text-ink placeholder:text-ink-3 hover:border-line-strong"
      />
      <AddFilter filters={filters} onChange={onChange} />
      {chips.map((chip) => (
        <ChipView
          key={chip.key}
          name={chip.name}
          operator={chip.operator}
          value={chip.value}
          onRemove={() => onChange(chip.without)}
        />
      ))}
      {brushed ? (
        <ChipView
          name="time"
          operator="in"
          value={`${formatClock(range.from)} – ${formatClock(range.to)}`}
          onRemove={props.onClearRange}
        />
      ) : null}
      {chips.length > 1 ? (
        <Button variant="ghost" onClick={() => onChange(NO_FILTERS)}>
          Clear all
        </Button>
      ) : null}
    </search>
  );
}

function ChipView(props: {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
  readonly onRemove: () => void;
}) {
  return (
    <span className="inline-flex h-[26px] max-w-80 items-center gap-1 rounded-m border border-line-strong bg-raised pl-2 text-s">
      <span className="text-ink-3">
        {props.name} {props.operator}
      </span>
      <span className="truncate font-medium">{props.value}</span>
      <button
        type="button"
        aria-label={`Remove: ${props.name} ${props.operator} ${props.value}`}
        onClick={props.onRemove}
        className="flex h-full items-center px-1.5 text-ink-3 hover:text-ink"
      >
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

/** Everything that can be asked for, with what is there to choose from. */
function AddFilter(props: {
  readonly filters: ListFilters;
  readonly onChange: (filters: ListFilters) => void;
}) {
  const { filters, onChange } = props;
  const engine = useSelectedEngine();
  const { data: topology } = useTopology();
  const { data: tracing } = useTracingSettings(engine?.id ?? null);
  const { data: control } = useControlActions(engine?.id ?? '');
  const toggled = (list: readonly string[], value: string) =>
    list.includes(value) ? list.filter((each) => each !== value) : [...list, value];
  return (
    <Menu
      trigger={
        <Button>
          <ListFilter size={13} aria-hidden="true" /> Filter
        </Button>
      }
    >
      <MenuGroup label="Status">
        {(['error', 'ok'] as const).map((status) => (
          <MenuCheckItem
            key={status}
            checked={filters.status === status}
            onChange={(on) => onChange({ ...filters, status: on ? status : null })}
          >
            {status}
          </MenuCheckItem>
        ))}
      </MenuGroup>
      <MenuGroup label="Duration at least">
        {DURATIONS_MS.map((ms) => (
          <MenuCheckItem
            key={ms}
            checked={filters.minDurationMs === ms}
            onChange={(on) => onChange({ ...filters, minDurationMs: on ? ms : null })}
          >
            {formatMs(ms)}
          </MenuCheckItem>
        ))}
      </MenuGroup>
      <MenuGroup label="Signal">
        {SIGNALS.map((signal) => (
          <MenuCheckItem
            key={signal}
            checked={filters.signal.includes(signal)}
            onChange={() => onChange({ ...filters, signal: toggled(filters.signal, signal) })}
          >
            {signal}
          </MenuCheckItem>
        ))}
      </MenuGroup>
      {topology && topology.nodes.length > 0 ? (
        <MenuGroup label="Node">
          {topology.nodes.map((node) => (
            <MenuCheckItem
              key={node.id}
              checked={filters.node.includes(node.id)}
              onChange={() => onChange({ ...filters, node: toggled(filters.node, node.id) })}
            >
              {node.id}
            </MenuCheckItem>
          ))}
        </MenuGroup>
      ) : null}
      {tracing && tracing.tailSampling.policies.length > 0 ? (
        <MenuGroup label="Kept by">
          {[...tracing.tailSampling.policies.map((policy) => policy.name), 'lineage'].map((policy) => (
            <MenuCheckItem
              key={policy}
              checked={filters.policy === policy}
              onChange={(on) => onChange({ ...filters, policy: on ? policy : null })}
            >
              {policy}
            </MenuCheckItem>
          ))}
        </MenuGroup>
      ) : null}
      {control && control.actions.length > 0 ? (
        <MenuGroup label="Affected by">
          {control.actions.slice(0, 8).map((action) => (
            <MenuItem key={action.id} onSelect={() => onChange({ ...filters, control: action.id })}>
              <span className="num text-ink-3">{formatClock(action.timeUnixNano)}</span>{' '}
              {action.summary || action.action} {action.target}
            </MenuItem>
          ))}
        </MenuGroup>
      ) : null}
    </Menu>
  );
}
