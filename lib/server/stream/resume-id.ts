/**
 * `Last-Event-ID`: where a reader stood, so that it goes on without gap or duplicate and nothing is kept for it. The
 * process tag tells whether the marks are of this process; after a restart a reader starts over.
 */
export interface StreamMarks {
  /** Mark of the store: traces up to here were sent. */
  readonly traces: number;
  /** Actions up to here were sent. */
  readonly control: number;
}

export function formatResumeId(processTag: string, sequence: number, marks: StreamMarks): string {
  return `${processTag}.${sequence}.${marks.traces}.${marks.control}`;
}

export function parseResumeId(text: string | null, processTag: string): StreamMarks | null {
  const match = /^([0-9a-z]{1,16})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/.exec(text ?? '');
  if (!match || match[1] !== processTag) return null;
  return { traces: Number(match[3]), control: Number(match[4]) };
}
