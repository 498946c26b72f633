'use client';
import { Link2 } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { showToast } from '@/components/ui/toast';
import { epochNanosFromMs } from '@/lib/base/time';
import { useTimeCursor } from '@/lib/client/time-cursor';

/** Everything selected is in the URL; whoever gets it while live sees another moment, so freezing is offered. */
export function CopyLink() {
  const cursor = useTimeCursor();
  const copy = (frozen: boolean) => {
    const url = new URL(window.location.href);
    if (frozen && cursor.live) url.searchParams.set('at', epochNanosFromMs(Date.now()).toString());
    if (!frozen) url.searchParams.delete('at');
    navigator.clipboard.writeText(url.toString()).then(
      () => showToast(frozen ? 'Link to this moment copied' : 'Link to the live view copied', 'ok'),
      () => showToast('The browser did not allow copying', 'bad'),
    );
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Copy link">
          <Link2 size={14} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => copy(true)}>Copy link, frozen at this moment</MenuItem>
      <MenuItem onSelect={() => copy(false)}>Copy link, live</MenuItem>
    </Menu>
  );
}
