import { GroupHeading } from '@/components/ui/panel';
import { formatMs } from '@/lib/base/format';
import type { SpanDetail, SpanLink } from '@/lib/model/span';
import { ATTR } from '@/lib/semconv/attributes';
import type { RowActions } from './row-line';

const MOST = 128;

/** Links out of the span and back to it. What is still here can be followed. */
export function LinkList({ span, jump }: { readonly span: SpanDetail; readonly jump: RowActions['jump'] }) {
  const links = [
    ...span.links.map((link) => ({ link, back: false })),
    ...span.backlinks.map((link) => ({ link, back: true })),
  ].slice(0, MOST);
  if (links.length === 0) return null;
  return (
    <>
      <GroupHeading aside={<span className="num">{span.links.length + span.backlinks.length}</span>}>
        LINKS
      </GroupHeading>
      <ul className="flex flex-col gap-[3px] text-s">
        {links.map(({ link, back }) => (
          <li
            key={`${back}${link.type}${link.traceId}${link.spanId}`}
            className="grid grid-cols-[90px_1fr] gap-2"
          >
            <span className="text-ink-2">{back ? `← ${link.type}` : link.type}</span>
            <button
              type="button"
              disabled={link.state !== 'held'}
              onClick={() => jump(link.traceId, link.spanId)}
              title={`trace ${link.traceId}\nspan ${link.spanId}`}
              className="num min-w-0 truncate text-left enabled:text-accent enabled:hover:underline disabled:text-ink-3"
            >
              {linkText(link)}
              {link.state === 'held'
                ? ' ↗'
                : link.state === 'evicted'
                  ? ' (left the store)'
                  : ' (never came)'}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function linkText(link: SpanLink): string {
  const { attributes } = link;
  const part = attributes[ATTR.partIndex];
  const count = attributes[ATTR.partCount];
  const items = attributes[ATTR.linkItems];
  const held = attributes[ATTR.heldMs];
  const batch = attributes[ATTR.pdataId];
  return [
    typeof batch === 'string' ? batch : `span ${link.spanId.slice(0, 8)}`,
    typeof part === 'number' && typeof count === 'number' ? `part ${part + 1} of ${count}` : '',
    typeof items === 'number' ? `${items} items` : '',
    typeof held === 'number' ? `held ${formatMs(held)}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
