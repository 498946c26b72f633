'use client';

/** What each type of policy asks for; nothing where its name says it all. */
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox, NumberInput, Switch, TextInput } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { assertUnreachable } from '@/lib/base/assert';
import type { TailPolicy } from '@/lib/sampling/config';
import { freshPolicy, placeKeys } from './policy-draft';

interface PolicyFieldsProps {
  readonly policy: TailPolicy;
  readonly nodes: readonly string[];
  readonly onChange: (policy: TailPolicy) => void;
}

const STATUS_CODES = ['ERROR', 'OK', 'UNSET'] as const;

export function PolicyFields({ policy, nodes, onChange }: PolicyFieldsProps) {
  switch (policy.type) {
    case 'always_sample':
      return <Note>keeps every trace</Note>;
    case 'dropped':
      return (
        <NumberInput
          className="w-36"
          label="at least"
          unit="items"
          min={1}
          step={1}
          value={policy.dropped?.min_items ?? 1}
          onChange={(items) => onChange({ ...policy, dropped: { min_items: items ?? 1 } })}
        />
      );
    case 'control':
      return (
        <ListInput
          label="actions, all where empty"
          value={policy.control?.actions ?? []}
          onChange={(actions) => onChange({ ...policy, control: actions.length > 0 ? { actions } : {} })}
        />
      );
    case 'status_code':
      return (
        <div className="flex gap-3 pb-1.5">
          {STATUS_CODES.map((code) => (
            <Checkbox
              key={code}
              label={code}
              checked={policy.status_code.status_codes.includes(code)}
              onChange={(on) => {
                const others = policy.status_code.status_codes.filter((one) => one !== code);
                onChange({ ...policy, status_code: { status_codes: on ? [...others, code] : others } });
              }}
            />
          ))}
        </div>
      );
    case 'latency':
      return <LatencyFields policy={policy} onChange={onChange} />;
    case 'probabilistic':
      return (
        <NumberInput
          className="w-32"
          label="share of all traces"
          unit="%"
          min={0}
          max={100}
          value={policy.probabilistic.sampling_percentage}
          onChange={(share) =>
            onChange({
              ...policy,
              probabilistic: { ...policy.probabilistic, sampling_percentage: share ?? 0 },
            })
          }
        />
      );
    case 'rate_limiting':
      return (
        <NumberInput
          className="w-36"
          label="at most"
          unit="spans/s"
          min={1}
          step={1}
          value={policy.rate_limiting.spans_per_second}
          onChange={(rate) => onChange({ ...policy, rate_limiting: { spans_per_second: rate ?? 1 } })}
        />
      );
    case 'backpressure':
      return (
        <NumberInput
          className="w-36"
          label="blocked for at least"
          unit="ms"
          min={0}
          value={policy.backpressure.threshold_ms}
          onChange={(ms) => onChange({ ...policy, backpressure: { threshold_ms: ms ?? 0 } })}
        />
      );
    case 'node':
      return (
        <div className="flex flex-wrap gap-x-3 gap-y-1 pb-1">
          {nodes.map((id) => (
            <Checkbox
              key={id}
              label={id}
              checked={policy.node.ids.includes(id)}
              onChange={(on) => {
                const others = policy.node.ids.filter((one) => one !== id);
                onChange({ ...policy, node: { ids: on ? [...others, id] : others } });
              }}
            />
          ))}
        </div>
      );
    case 'string_attribute':
      return <AttributeFields policy={policy} onChange={onChange} />;
    case 'drop':
      return <DropFields policy={policy} nodes={nodes} onChange={onChange} />;
    default:
      return assertUnreachable(policy);
  }
}

type PolicyOf<Type extends TailPolicy['type']> = Extract<TailPolicy, { type: Type }>;

function LatencyFields({
  policy,
  onChange,
}: {
  readonly policy: PolicyOf<'latency'>;
  readonly onChange: (policy: TailPolicy) => void;
}) {
  return (
    <>
      <NumberInput
        className="w-36"
        label="at least"
        unit="ms"
        min={0}
        value={policy.latency.threshold_ms}
        onChange={(ms) => onChange({ ...policy, latency: { ...policy.latency, threshold_ms: ms ?? 0 } })}
      />
      <NumberInput
        className="w-36"
        label="at most, if any"
        unit="ms"
        min={0}
        value={policy.latency.upper_threshold_ms ?? null}
        onChange={(ms) => {
          const { upper_threshold_ms: _old, ...rest } = policy.latency;
          onChange({ ...policy, latency: ms === null ? rest : { ...rest, upper_threshold_ms: ms } });
        }}
      />
    </>
  );
}

function AttributeFields({
  policy,
  onChange,
}: {
  readonly policy: PolicyOf<'string_attribute'>;
  readonly onChange: (policy: TailPolicy) => void;
}) {
  const value = policy.string_attribute;
  const update = (part: Partial<typeof value>) =>
    onChange({ ...policy, string_attribute: { ...value, ...part } });
  return (
    <>
      <TextInput
        className="w-36"
        mono
        label="attribute"
        value={value.key}
        onChange={(key) => update({ key })}
      />
      <ListInput label="values" value={value.values} onChange={(values) => update({ values })} />
      <Switch
        className="pb-1.5"
        label="as patterns"
        checked={value.enabled_regex_matching ?? false}
        onChange={(enabled_regex_matching) => update({ enabled_regex_matching })}
      />
      <Switch
        className="pb-1.5"
        label="all but these"
        checked={value.invert_match ?? false}
        onChange={(invert_match) => update({ invert_match })}
      />
    </>
  );
}

/** Keeps its own text, so that a comma can be typed before what follows it. */
function ListInput({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: readonly string[];
  readonly onChange: (value: string[]) => void;
}) {
  const [text, setText] = useState(() => value.join(', '));
  const edit = (next: string) => {
    setText(next);
    onChange(
      next
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    );
  };
  return <TextInput className="w-44" mono label={label} placeholder="a, b, c" value={text} onChange={edit} />;
}

function Note({ children }: { readonly children: string }) {
  return <p className="self-center text-s text-ink-2">{children}</p>;
}

type SubPolicy = PolicyOf<'drop'>['drop']['drop_sub_policy'][number];

/** All conditions have to match. Each is a policy of its own, edited by the same fields. */
function DropFields({
  policy,
  nodes,
  onChange,
}: {
  readonly policy: PolicyOf<'drop'>;
  readonly nodes: readonly string[];
  readonly onChange: (policy: TailPolicy) => void;
}) {
  const set = (drop_sub_policy: SubPolicy[]) => onChange({ ...policy, drop: { drop_sub_policy } });
  const subs = policy.drop.drop_sub_policy;
  const keys = placeKeys(subs.map((sub) => sub.type));
  return (
    <div className="flex w-full flex-col gap-2">
      {subs.map((sub, index) => (
        <div key={keys[index]} className="flex flex-wrap items-end gap-2">
          <Select
            label="Condition"
            value={sub.type}
            options={SUB_TYPES.map((type) => ({ value: type, label: type.replace('_', ' ') }))}
            onChange={(type) => set(subs.map((one, at) => (at === index ? freshSub(type, one.name) : one)))}
          />
          <PolicyFields
            policy={sub}
            nodes={nodes}
            onChange={(next) => set(subs.map((one, at) => (at === index && isSub(next) ? next : one)))}
          />
          {subs.length > 1 && (
            <Button onClick={() => set(subs.filter((_, at) => at !== index))}>Remove</Button>
          )}
        </div>
      ))}
      <Button
        className="self-start"
        onClick={() => set([...subs, freshSub('latency', `${policy.name} ${subs.length + 1}`)])}
      >
        and …
      </Button>
    </div>
  );
}

const SUB_TYPES = ['latency', 'status_code', 'string_attribute', 'probabilistic', 'node'] as const;

function isSub(policy: TailPolicy): policy is SubPolicy {
  return SUB_TYPES.some((type) => type === policy.type);
}

function freshSub(type: SubPolicy['type'], name: string): SubPolicy {
  const fresh = freshPolicy(type, []);
  if (!isSub(fresh)) throw new Error(`${type} cannot stand below a drop`);
  return { ...fresh, name };
}
