/** Carries out a write of the stream on the query cache and the live figures. */
import type { QueryClient } from '@tanstack/react-query';
import { assertUnreachable } from '@/lib/base/assert';
import { noteLiveFigures, noteLiveMap } from './live-stats';
import { noteNewTraces } from './new-traces';
import type { StreamWrite } from './stream-reducer';

/** `frozen`: the figures on screen are those of the cursor, and the live ones must not overwrite them. */
export function applyStreamWrite(client: QueryClient, write: StreamWrite, frozen: boolean): void {
  switch (write.kind) {
    case 'set':
      client.setQueryData(write.key, write.value);
      return;
    case 'update':
      client.setQueriesData({ queryKey: write.keyPrefix }, write.update);
      return;
    case 'topology':
      noteLiveMap(write.answer, frozen);
      return;
    case 'stats':
      noteLiveFigures(write.update, frozen);
      return;
    case 'new-traces':
      noteNewTraces(write.count, write.total);
      return;
    default:
      assertUnreachable(write);
  }
}
