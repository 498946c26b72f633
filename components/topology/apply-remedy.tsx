'use client';
/** Sets one recommended number from where it is recommended. The dialog comes when it is asked for. */
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Remedy } from '@/lib/api/topology';
import { useHealth, useSelectedEngine } from '@/lib/client/queries';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { cannotApply, remedyName } from './remedy';

const ApplyDialog = dynamic(() => import('./apply-dialog').then((module) => module.ApplyDialog), {
  ssr: false,
});

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
