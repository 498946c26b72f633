'use client';

/** Fields made from the node's own schema. What is not a scalar is edited as JSON and checked as it is typed. */
import { useState } from 'react';
import { NumberInput, Switch, TextInput } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { assertUnreachable } from '@/lib/base/assert';
import { type Config, type SchemaField, valueAt, withValueAt } from './schema-fields';

export interface ConfigFormProps {
  readonly fields: readonly SchemaField[];
  readonly value: Config;
  readonly onChange: (value: Config) => void;
}

export function ConfigForm({ fields, value, onChange }: ConfigFormProps) {
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2.5">
      {fields.map((field) => (
        <FieldOf
          key={field.path}
          field={field}
          value={valueAt(value, field.path)}
          onChange={(next) => onChange(withValueAt(value, field.path, next))}
        />
      ))}
    </div>
  );
}

interface FieldOfProps {
  readonly field: SchemaField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function FieldOf({ field, value, onChange }: FieldOfProps) {
  const hint = field.help || undefined;
  switch (field.kind) {
    case 'number':
      return (
        <NumberInput
          label={field.label}
          hint={hint}
          value={typeof value === 'number' ? value : null}
          step={field.integer ? 1 : 'any'}
          {...(field.min === null ? {} : { min: field.min })}
          {...(field.max === null ? {} : { max: field.max })}
          onChange={(next) => onChange(next ?? undefined)}
        />
      );
    case 'text':
      return (
        <TextInput
          label={field.label}
          hint={hint}
          mono
          value={typeof value === 'string' ? value : ''}
          onChange={onChange}
        />
      );
    case 'flag':
      return (
        <Switch
          className="self-end pb-1.5"
          label={field.label}
          checked={value === true}
          onChange={onChange}
        />
      );
    case 'choice':
      return (
        <div className="flex flex-col gap-1">
          <span className="text-xs text-ink-2">{field.label}</span>
          <Select
            label={field.label}
            value={typeof value === 'string' ? value : ''}
            options={field.options.map((option) => ({ value: option, label: option }))}
            onChange={onChange}
          />
        </div>
      );
    case 'json':
      return <JsonField field={field} value={value} onChange={onChange} />;
    default:
      return assertUnreachable(field);
  }
}

function JsonField({ field, value, onChange }: FieldOfProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 1)));
  const [problem, setProblem] = useState<string | null>(null);
  const edit = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next));
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'not JSON');
    }
  };
  return (
    <TextInput
      className="col-span-2"
      label={field.label}
      hint={field.help || 'JSON'}
      error={problem}
      mono
      rows={3}
      value={text}
      onChange={edit}
    />
  );
}
