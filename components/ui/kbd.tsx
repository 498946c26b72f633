import { cx } from './cx';

const SPELLED: Readonly<Record<string, string>> = { space: 'Space', esc: 'Esc', 'mod+k': 'Ctrl K' };

export function Kbd(props: { readonly keys: string; readonly className?: string }) {
  return (
    <span className={cx('inline-flex gap-0.5', props.className)}>
      {(SPELLED[props.keys] ?? props.keys).split(' ').map((key) => (
        <kbd
          key={key}
          className="rounded-[3px] border border-line px-1 font-mono text-xs leading-[15px] text-ink-3"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
