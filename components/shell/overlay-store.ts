/** Which of the shell's overlays is open; at most one. */
import { createValueStore } from '@/lib/client/value-store';

export type Overlay = 'palette' | 'help' | null;
export const overlayStore = createValueStore<Overlay>(null);
