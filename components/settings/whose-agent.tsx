'use client';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';
import type { EngineInfo } from '@/lib/api/engines';
import { errorMessage } from '@/lib/client/api-error';
import { useJoinEngine } from '@/lib/client/mutations';

/** Offered at once; a fleet of one service is told apart by its instance ids, not by hand. */
const MAX_OFFERED = 6;

/** An agent without telemetry beside telemetry without an agent: nothing tells whether they are one, so people are asked. */
export function WhoseAgent({ engine }: { readonly engine: EngineInfo }) {
  const join = useJoinEngine(engine.id);
  return (
    <fieldset
      aria-label={`Whose agent is ${engine.id}?`}
      className="flex flex-wrap items-center gap-2 text-s"
    >
      <span className="text-ink-2">
        Its agent is connected and no telemetry of that instance came. Whose agent is it?
      </span>
      {engine.mayBe.slice(0, MAX_OFFERED).map((id) => (
        <Button
          key={id}
          disabled={join.isPending}
          onClick={() => join.mutate(id, { onError: (error) => showToast(errorMessage(error), 'bad') })}
        >
          That of {id}
        </Button>
      ))}
    </fieldset>
  );
}
