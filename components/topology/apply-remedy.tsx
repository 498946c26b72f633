'use client';
/** Sets one recommended number from where it is recommended: shows what will happen, asks, sends, and follows it. */
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { NumberInput } from '@/components/ui/field';
import { type ChangeState, ProgressState } from '@/components/ui/progress-state';
import type { ControlActionRow } from '@/lib/api/control';
import type { Remedy } from '@/lib/api/topology';
import { usePostControlAction } from '@/lib/client/mutations';
import { useControlActions, useHealth, useSelectedEngine } from '@/lib/client/queries';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { cannotApply, REMEDY_EFFECT, remedyName, remedyRequest } from './remedy';

export function ApplyRemedy({ remedy, why }: { readonly remedy: Remedy; readonly why: string }) {
  const [open, setOpen] = useState(false);
  const engine = useSelectedEngine();
  const { data: health } = useHealth();
  const { live } = useTimeCursor();
  const blocked = live
    ? cannotApply(engine, health?.readOnly ?? false)
    : 'the clock is frozen: go live first';
  return (
    <>
      <Button
        disabled={blocked !== null}
        title={blocked === null ? `Set ${remedyName(remedy)}` : `Not from here: ${blocked}`}
        onClick={() => setOpen(true)}
        className="!h-[22px] !px-2 !text-xs"
      >
        Apply…
      </Button>
      {open && engine ? (
        <ApplyDialog engine={engine.id} remedy={remedy} why={why} onClose={() => setOpen(false)} />
      ) : null}
    </>
  );
}

function ApplyDialog(props: {
  readonly engine: string;
  readonly remedy: Remedy;
  readonly why: string;
  readonly onClose: () => void;
}) {
  const { engine, remedy, why, onClose } = props;
  const [value, setValue] = useState<number | null>(remedy.value);
  const post = usePostControlAction();
  const { data: trail } = useControlActions(engine);
  const sent = trail?.actions.find((action) => action.id === post.data?.id);
  const form = useId();
  const valid = value !== null && Number.isInteger(value) && value >= 1 && value !== remedy.now;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Set ${remedyName(remedy)}`}
      description={REMEDY_EFFECT[remedy.what]}
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) post.mutate(remedyRequest(engine, remedy, value));
        }}
      >
        <div className="grid grid-cols-[auto_1fr] items-end gap-3">
          <span className="pb-1 text-s text-ink-2">
            now <b className="num font-medium text-ink">{remedy.now ?? 'not known'}</b> →
          </span>
          <NumberInput label="New value" min={1} step={1} value={value} onChange={setValue} />
        </div>
        <p className="mt-3 border-t border-line pt-2 text-s text-ink-2">{why}</p>
        <div className="mt-4 flex items-center justify-end gap-2">
          <ProgressState
            className="flex-1"
            state={progressOf(post.error !== null, post.isPending, post.data !== undefined, sent)}
            error={post.error?.message ?? (sent?.outcome === 'failed' ? sent.message : null)}
          />
          <Button onClick={onClose}>{sent ? 'Close' : 'Cancel'}</Button>
          <Button
            type="submit"
            form={form}
            variant="primary"
            disabled={!valid || post.isPending || post.data !== undefined}
          >
            Apply
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function progressOf(
  failed: boolean,
  pending: boolean,
  accepted: boolean,
  sent: ControlActionRow | undefined,
): ChangeState {
  if (failed) return 'failed';
  if (pending) return 'pending';
  if (!accepted) return 'idle';
  if (!sent || sent.outcome === 'pending') return 'applying';
  return sent.outcome === 'applied' || sent.outcome === 'coalesced' ? 'applied' : 'failed';
}
