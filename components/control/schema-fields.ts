/**
 * A form from a node's own JSON Schema (draft 2020-12, as the topology event carries it). Scalars get a field of
 * their own; what a field cannot hold (lists, maps, unions) is edited as JSON, so that nothing is out of reach.
 */
export type SchemaField =
  | {
      readonly kind: 'number';
      readonly path: string;
      readonly label: string;
      readonly help: string;
      readonly integer: boolean;
      readonly min: number | null;
      readonly max: number | null;
    }
  | { readonly kind: 'text'; readonly path: string; readonly label: string; readonly help: string }
  | { readonly kind: 'flag'; readonly path: string; readonly label: string; readonly help: string }
  | {
      readonly kind: 'choice';
      readonly path: string;
      readonly label: string;
      readonly help: string;
      readonly options: readonly string[];
    }
  | { readonly kind: 'json'; readonly path: string; readonly label: string; readonly help: string };

export type Config = Readonly<Record<string, unknown>>;

/** Fields in the order of the schema; objects inside objects become dotted paths, three levels deep. */
export function schemaFields(schema: unknown, prefix = '', depth = 0): SchemaField[] {
  const properties = isRecord(schema) && isRecord(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = prefix ? `${prefix}.${name}` : name;
    if (!isRecord(property)) return [];
    if (property.type === 'object' && isRecord(property.properties) && depth < 2)
      return schemaFields(property, path, depth + 1);
    return [fieldOf(path, property)];
  });
}

/** Fields from what is configured, where nobody tells a schema: every value by what it is, and the whole for what is not set yet. */
export function inferredFields(config: Config, prefix = '', depth = 0): SchemaField[] {
  return Object.entries(config).flatMap(([name, value]): SchemaField[] => {
    // A dot in a name would read as a path.
    if (name.includes('.')) return [];
    const path = prefix ? `${prefix}.${name}` : name;
    const base = { path, label: path, help: '' };
    if (isRecord(value) && depth < 3) return inferredFields(value, path, depth + 1);
    if (typeof value === 'number') return [{ kind: 'number', ...base, integer: false, min: null, max: null }];
    if (typeof value === 'boolean') return [{ kind: 'flag', ...base }];
    return [{ kind: typeof value === 'string' ? 'text' : 'json', ...base }];
  });
}

function fieldOf(path: string, property: Config): SchemaField {
  const base = {
    path,
    label: path,
    help: helpOf(property),
  };
  if (Array.isArray(property.enum) && property.enum.every((option) => typeof option === 'string')) {
    return { kind: 'choice', ...base, options: property.enum };
  }
  switch (property.type) {
    case 'number':
    case 'integer':
      return {
        kind: 'number',
        ...base,
        integer: property.type === 'integer',
        min: bound(property.minimum),
        max: bound(property.maximum),
      };
    case 'string':
      return { kind: 'text', ...base };
    case 'boolean':
      return { kind: 'flag', ...base };
    default:
      return { kind: 'json', ...base };
  }
}

/** What the schema says of it, else what holds while nothing is set. */
function helpOf(property: Config): string {
  if (typeof property.description === 'string') return property.description;
  return property.default === undefined ? '' : `default ${JSON.stringify(property.default)}`;
}

/** Bounds that only say "a safe integer" are none for a person. */
function bound(value: unknown): number | null {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
}

export function valueAt(config: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), config);
}

/** A copy with one value set; `undefined` takes the key away. */
export function withValueAt(config: Config, path: string, value: unknown): Config {
  const [head = '', ...rest] = path.split('.');
  if (rest.length > 0) {
    const inner = config[head];
    return { ...config, [head]: withValueAt(isRecord(inner) ? inner : {}, rest.join('.'), value) };
  }
  if (value !== undefined) return { ...config, [head]: value };
  const { [head]: _removed, ...others } = config;
  return others;
}

export interface ConfigChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs, leaf by leaf, in order of path; lists are compared as a whole. */
export function configChanges(before: unknown, after: unknown, path = ''): ConfigChange[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => configChanges(before[key], after[key], path ? `${path}.${key}` : key));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** The smallest object that holds the changed top-level keys: what a `config_update` has to carry. */
export function changedConfig(before: Config, after: Config): Config {
  const keys = Object.keys(after).filter((key) => configChanges(before[key], after[key]).length > 0);
  return Object.fromEntries(keys.map((key) => [key, after[key]]));
}

export function isRecord(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
