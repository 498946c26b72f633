import { type KeyboardEvent, useState } from 'react';
import { errorMessage } from '@/lib/client/api-error';
import { showToast } from './toast';

/**
 * For what a button opens and most visits never do: its code is fetched when a pointer or the focus comes near, and
 * stands in the button's place from the first press on, open.
 *
 * @returns whether it is wanted and there, and what the button is given until then.
 */
export function useFirstUse(popup: 'menu' | 'dialog', load: () => Promise<unknown>, onOpen?: () => void) {
  const [wanted, setWanted] = useState(false);
  const fetchAhead = () => void load().catch(() => undefined);
  const open = () =>
    void load().then(
      () => {
        setWanted(true);
        onOpen?.();
      },
      (error: unknown) => showToast(errorMessage(error), 'bad'),
    );
  const trigger = {
    'aria-haspopup': popup,
    'aria-expanded': false,
    onPointerEnter: fetchAhead,
    onFocus: fetchAhead,
    onClick: open,
    onKeyDown: (event: KeyboardEvent) => {
      if (popup !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
      event.preventDefault();
      open();
    },
  } as const;
  return { wanted, trigger };
}
