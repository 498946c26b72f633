/** What the palette offers for a text. Pure: a list of commands, best match first. */
export interface Command {
  readonly id: string;
  readonly group: 'Page' | 'Node' | 'Trace' | 'Tracing mode' | 'Time';
  readonly label: string;
  readonly hint: string;
  /** Searched besides the label. */
  readonly words: string;
  readonly run: () => void;
}

const MAX_RESULTS = 30;

/** 0: begins with the text; 1: a word begins with it; 2: it is somewhere within; `null`: not at all. */
export function matchRank(command: Pick<Command, 'label' | 'words'>, text: string): number | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return 1;
  const label = command.label.toLowerCase();
  if (label.startsWith(wanted)) return 0;
  const all = `${label} ${command.words.toLowerCase()}`;
  if (all.split(/[\s/:_-]+/).some((word) => word.startsWith(wanted))) return 1;
  return all.includes(wanted) ? 2 : null;
}

export function rankCommands(commands: readonly Command[], text: string): readonly Command[] {
  return commands
    .map((command, index) => ({ command, index, rank: matchRank(command, text) }))
    .filter((entry): entry is typeof entry & { rank: number } => entry.rank !== null)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, MAX_RESULTS)
    .map((entry) => entry.command);
}

/** 32 hex digits: a trace id, whether it is held or not. */
export function asTraceId(text: string): string | null {
  const wanted = text.trim().toLowerCase();
  return /^[0-9a-f]{32}$/.test(wanted) ? wanted : null;
}

/** What may be the beginning of an id, so that asking the server for it makes sense. */
export function looksLikeId(text: string): boolean {
  return /^(batch-|b-)?[0-9a-f.]{2,}$/i.test(text.trim()) || /^batch-/i.test(text.trim());
}
