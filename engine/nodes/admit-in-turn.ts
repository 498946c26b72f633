import type { Admission, ReceiverHandle } from '@/engine/core/node';

/** Admits, and resolves once the channel has taken it (or refused it): a source that is held up by a full channel. */
export function admitInTurn(node: ReceiverHandle, admission: Omit<Admission, 'accepted'>): Promise<void> {
  return new Promise((resolve, reject) => {
    node.admit({ ...admission, accepted: resolve }).then(() => resolve(), reject);
  });
}
