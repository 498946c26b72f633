'use client';

/** What can be edited of a target: a channel's capacity, a node's configuration, and where the engine has them, workers and faults. */
import { useState } from 'react';
import { NumberInput, TextInput } from '@/components/ui/field';
import { GroupHeading } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { ConfigForm } from './config-form';
import type { Draft, Target } from './draft';
import { FAULT_FIELDS } from './fault-fields';
import { type Config, inferredFields, isRecord, schemaFields } from './schema-fields';

interface EditsProps {
  readonly draft: Draft;
  readonly chosen: { readonly target: Target };
  /** The whole configuration is sent: there are no workers and no faults, and mostly no schema. */
  readonly isWhole: boolean;
  readonly onChange: (part: Partial<Draft>) => void;
}

export function Edits({ draft, chosen, isWhole, onChange }: EditsProps) {
  if (chosen.target.kind === 'channel') {
    return (
      <NumberInput
        label="Capacity"
        unit="messages"
        min={1}
        max={65_536}
        step={1}
        hint="A larger channel buys time; it does not make its reader faster."
        value={draft.capacity}
        onChange={(capacity) => onChange({ capacity })}
      />
    );
  }
  if (chosen.target.kind !== 'node') return null;
  const { node } = chosen.target;
  const fields = schemaFields(node.configSchema);
  const type = node.type.replace(/^urn:otel:/, '');
  if (isWhole && fields.length === 0)
    return <WholeConfig type={type} value={draft.config} onChange={(config) => onChange({ config })} />;
  return (
    <div>
      <GroupHeading aside={type}>Configuration</GroupHeading>
      {fields.length > 0 ? (
        <ConfigForm fields={fields} value={draft.config} onChange={(config) => onChange({ config })} />
      ) : (
        <p className="text-s text-ink-3">This node has nothing to configure.</p>
      )}
      {node.kind !== 'receiver' && !isWhole && (
        <>
          <GroupHeading>Workers</GroupHeading>
          <NumberInput
            label="Concurrency"
            min={1}
            max={1_024}
            step={1}
            value={draft.concurrency}
            onChange={(concurrency) => onChange({ concurrency })}
          />
        </>
      )}
      {!isWhole && (
        <>
          <GroupHeading aside="for rehearsing an incident">Faults</GroupHeading>
          <ConfigForm
            fields={FAULT_FIELDS}
            value={draft.faults}
            onChange={(faults) => onChange({ faults })}
          />
        </>
      )}
    </div>
  );
}

interface WholeConfigProps {
  readonly type: string;
  readonly value: Config;
  readonly onChange: (value: Config) => void;
}

/** Values that are there as fields; what is not there yet, and what is to go, as JSON. */
function WholeConfig({ type, value, onChange }: WholeConfigProps) {
  const [fields] = useState(() => inferredFields(value));
  const [as, setAs] = useState<'fields' | 'json'>(fields.length > 0 ? 'fields' : 'json');
  return (
    <div>
      <GroupHeading aside={type}>Configuration</GroupHeading>
      <Segmented
        label="Edit as"
        className="mb-2"
        value={as}
        options={[
          { value: 'fields', label: 'Values', disabled: fields.length === 0 },
          { value: 'json', label: 'JSON' },
        ]}
        onChange={setAs}
      />
      {as === 'fields' ? (
        <ConfigForm fields={fields} value={value} onChange={onChange} />
      ) : (
        <JsonConfig value={value} onChange={onChange} />
      )}
    </div>
  );
}

function JsonConfig({ value, onChange }: Omit<WholeConfigProps, 'type'>) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  const edit = (next: string) => {
    setText(next);
    const parsed = parse(next);
    if (typeof parsed === 'string') return setProblem(parsed);
    setProblem(null);
    onChange(parsed);
  };
  return (
    <TextInput
      label="Configuration of the node"
      hint="Credentials are shown as [redacted] and stay what they are."
      error={problem}
      mono
      rows={12}
      value={text}
      onChange={edit}
    />
  );
}

/** The configuration, or why the text is none. */
function parse(text: string): Config | string {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : 'a configuration is an object';
  } catch (error) {
    return error instanceof Error ? error.message : 'not JSON';
  }
}
