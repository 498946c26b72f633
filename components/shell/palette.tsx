'use client';
import { type KeyboardEvent, useDeferredValue, useId, useRef, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { Dialog } from '@/components/ui/dialog';
import { type Command, rankCommands } from './palette-commands';
import { useCommands } from './use-commands';

/** Go anywhere, do what is done often: one text box, a list, Enter. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const results = rankCommands(useCommands(useDeferredValue(text)), text);
  const current = Math.min(active, Math.max(0, results.length - 1));
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined && results.length > 0) {
      event.preventDefault();
      setActive((current + move + results.length) % results.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(results[current]);
    }
  };
  const optionId = (command: Command) => `${listId}-${command.id.replaceAll(/\W/g, '-')}`;
  const activeCommand = results[current];
  return (
    <Dialog open bare onClose={onClose} title="Command palette" initialFocus={input}>
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Go to a page, node, batch or trace; or do something"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={activeCommand ? optionId(activeCommand) : undefined}
        value={text}
        placeholder="Page, node, batch or trace id, mode, freeze …"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        className="h-11 w-full border-b border-line bg-transparent px-3.5 text-l outline-none placeholder:text-ink-3"
      />
      <div id={listId} role="listbox" aria-label="Results" className="max-h-[50vh] overflow-auto p-1">
        {results.map((command, index) => (
          <div
            key={command.id}
            id={optionId(command)}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onMouseMove={() => setActive(index)}
            onClick={() => run(command)}
            onKeyDown={(event) => event.key === 'Enter' && run(command)}
            className={cx(
              'flex cursor-pointer items-baseline gap-2 rounded-s px-2.5 py-1',
              index === current && 'bg-accent-bg',
            )}
          >
            <span className="min-w-0 flex-1 truncate">{command.label}</span>
            <span className="num truncate text-ink-3">{command.hint}</span>
            <span className="w-20 text-right text-xs text-ink-3">{command.group}</span>
          </div>
        ))}
        {results.length === 0 ? <p className="px-2.5 py-2 text-s text-ink-3">Nothing fits.</p> : null}
      </div>
    </Dialog>
  );
}
