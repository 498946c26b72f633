/** An event as one short line: `export_failure 503`, `batch_flush size · 248 items`. */
import type { Attributes, AttributeValue } from '@/lib/model/span';

const WORTH_SAYING = [
  'revision',
  'control.revision',
  'status',
  'http.response.status_code',
  'reason',
  'permanent',
  'cause',
  'out.port',
  'attempt',
  'retry_num',
  'processor',
  'into',
  'error',
  'interval',
  'exception.type',
  'exception.message',
] as const;

export function eventLabel(name: string, attributes: Attributes): string {
  const parts: string[] = [];
  for (const key of WORTH_SAYING) {
    const text = valueText(key, attributes[key]);
    if (text !== '' && !parts.includes(text)) parts.push(text);
  }
  const items = attributes.items ?? attributes['pdata.items'];
  if (typeof items === 'number') parts.push(items === 1 ? '1 item' : `${items} items`);
  const blocked = attributes['blocked.ms'];
  if (typeof blocked === 'number' && blocked > 0) parts.push(`blocked ${Number(blocked.toPrecision(3))} ms`);
  return [name, parts.slice(0, 4).join(' · ')].filter(Boolean).join(' ');
}

function valueText(key: string, value: AttributeValue | undefined): string {
  if (value === undefined || value === null || typeof value === 'object') return '';
  if (key === 'revision' || key === 'control.revision') return `rev ${value}`;
  if (key === 'permanent') return value === true ? 'permanent' : '';
  if (key === 'attempt') return `attempt ${value}`;
  if (key === 'retry_num') return `attempt ${Number(value) + 1}`;
  if (key === 'interval') return `again after ${value}`;
  if (key === 'into') return `into ${value}`;
  return String(value).slice(0, 120);
}
