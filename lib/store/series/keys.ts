/** Series are found by what they are of. Keys are texts of their own alphabet: the separator cannot be typed. */
import type { Entity, FactAttributes } from '@/lib/model/facts';

const SEPARATOR = '\u0000';

export function entityKey(entity: Entity): string {
  switch (entity.kind) {
    case 'engine':
      return 'engine';
    case 'node':
      return `node${SEPARATOR}${entity.node}`;
    case 'channel':
      return `channel${SEPARATOR}${entity.channel}`;
    case 'edge':
      return `edge${SEPARATOR}${entity.from}${SEPARATOR}${entity.port}${SEPARATOR}${entity.channel}`;
    case 'path':
      return `path${SEPARATOR}${entity.path}`;
    case 'control':
      return `control${SEPARATOR}${entity.action}${SEPARATOR}${entity.node}`;
  }
}

/** Dialects hand out one attributes object a series, so its key is made once. */
const attributeKeys = new WeakMap<FactAttributes, string>();

export function attributesKey(attributes: FactAttributes): string {
  const known = attributeKeys.get(attributes);
  if (known !== undefined) return known;
  const key = Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(SEPARATOR);
  attributeKeys.set(attributes, key);
  return key;
}
