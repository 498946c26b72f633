'use client';

/** Tail policies: their order does not matter, a drop wins, then any that samples. */
import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '@/components/ui/button';
import { NumberInput, TextInput } from '@/components/ui/field';
import { Menu, MenuItem } from '@/components/ui/menu';
import { MAX_POLICIES, type TailPolicy, type TailSamplingConfig } from '@/lib/sampling/config';
import { freshPolicy, POLICY_TYPES, placeKeys, policyProblem } from './policy-draft';
import { PolicyFields } from './policy-fields';

interface PolicyEditorProps {
  readonly value: TailSamplingConfig;
  readonly nodes: readonly string[];
  /** Traces that each policy would have kept, once what-if has been asked. */
  readonly kept: ReadonlyMap<string, number>;
  readonly disabled: boolean;
  readonly onChange: (value: TailSamplingConfig) => void;
}

export function PolicyEditor({ value, nodes, kept, disabled, onChange }: PolicyEditorProps) {
  const setPolicies = (policies: TailPolicy[]) => onChange({ ...value, policies });
  const names = value.policies.map((policy) => policy.name);
  const keys = placeKeys(value.policies.map((policy) => policy.type));
  return (
    <fieldset disabled={disabled} className="flex flex-col">
      <legend className="sr-only">Tail sampling policies</legend>
      <ul className="flex flex-col">
        {value.policies.map((policy, index) => (
          <PolicyRow
            key={keys[index]}
            policy={policy}
            nodes={nodes}
            kept={kept.get(policy.name) ?? null}
            duplicate={names.indexOf(policy.name) !== index}
            onChange={(next) => setPolicies(value.policies.map((one, at) => (at === index ? next : one)))}
            onRemove={() => setPolicies(value.policies.filter((_, at) => at !== index))}
          />
        ))}
      </ul>
      {value.policies.length === 0 && (
        <p className="border-b border-line py-3 text-s text-ink-2">
          Without a policy no trace is kept. Figures stay exact.
        </p>
      )}
      <div className="flex flex-wrap items-end gap-3 pt-3">
        <Menu
          trigger={
            <Button disabled={value.policies.length >= MAX_POLICIES}>
              <Plus size={13} aria-hidden="true" /> Add a policy
            </Button>
          }
        >
          {POLICY_TYPES.map(({ type, title, says }) => (
            <MenuItem key={type} onSelect={() => setPolicies([...value.policies, freshPolicy(type, names)])}>
              <span className="w-28 flex-none text-ink">{title}</span>
              <span className="text-ink-3">{says}</span>
            </MenuItem>
          ))}
        </Menu>
        <span className="flex-1" />
        <NumberInput
          className="w-40"
          label="Decide at the latest after"
          unit="ms"
          min={100}
          max={600_000}
          step={100}
          value={value.maxWaitMs}
          onChange={(maxWaitMs) => onChange({ ...value, maxWaitMs: maxWaitMs ?? value.maxWaitMs })}
        />
      </div>
    </fieldset>
  );
}

interface PolicyRowProps {
  readonly policy: TailPolicy;
  readonly nodes: readonly string[];
  readonly kept: number | null;
  readonly duplicate: boolean;
  readonly onChange: (policy: TailPolicy) => void;
  readonly onRemove: () => void;
}

function PolicyRow({ policy, nodes, kept, duplicate, onChange, onRemove }: PolicyRowProps) {
  const about = POLICY_TYPES.find(({ type }) => type === policy.type);
  const problem = duplicate ? 'another policy has this name' : policyProblem(policy);
  return (
    <li className="grid grid-cols-[150px_minmax(0,1fr)_auto_26px] items-start gap-3 border-b border-line py-2.5">
      <TextInput
        label={about?.title ?? policy.type}
        value={policy.name}
        error={problem}
        onChange={(name) => onChange({ ...policy, name })}
      />
      <div className="flex min-h-[46px] flex-wrap items-end gap-2">
        <PolicyFields policy={policy} nodes={nodes} onChange={onChange} />
      </div>
      <span
        className="num self-center text-right text-ink-2"
        title="Of the newest decisions, this policy would have kept so many"
      >
        {kept === null ? '' : `keeps ${kept}`}
      </span>
      <IconButton className="mt-[18px]" label={`Remove ${policy.name}`} onClick={onRemove}>
        <Trash2 size={14} aria-hidden="true" />
      </IconButton>
    </li>
  );
}
