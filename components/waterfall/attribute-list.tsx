import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import type { Attributes, AttributeValue } from '@/lib/model/span';

const LONG = 400;

/** Attributes by name. Values are only ever text, and long ones are cut with their true length. */
export function AttributeList(props: { readonly title: string; readonly attributes: Attributes }) {
  const entries = Object.entries(props.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return null;
  return (
    <>
      <GroupHeading aside={<span className="num">{entries.length}</span>}>{props.title}</GroupHeading>
      <KeyValues
        wide
        items={entries.map(([key, value]) => ({
          key,
          title: key,
          value: (
            <span className={key === 'error' && value === true ? 'text-bad' : ''}>{valueText(value)}</span>
          ),
        }))}
      />
    </>
  );
}

export function valueText(value: AttributeValue): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  return text.length > LONG ? `${text.slice(0, LONG)} … (${text.length} characters)` : text;
}
