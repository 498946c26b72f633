'use client';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { SHORTCUTS, type Shortcut } from '@/lib/client/shortcuts';

const ALL: readonly Shortcut[] = SHORTCUTS;

export function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  const groups = [...new Set(ALL.map((shortcut) => shortcut.group))];
  return (
    <Dialog open onClose={onClose} title="Shortcuts" description="Off while typing.">
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className="eyebrow mb-1">{group}</h3>
            <dl className="grid grid-cols-[1fr_auto] gap-y-1 text-s text-ink-2">
              {ALL.filter((shortcut) => shortcut.group === group).map((shortcut) => (
                <div key={shortcut.id} className="contents">
                  <dt>{shortcut.label}</dt>
                  <dd className="flex justify-end gap-1.5">
                    {shortcut.keys.map((keys) => (
                      <Kbd key={keys} keys={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
