'use client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Popover } from '@/components/ui/popover';
import { Segmented } from '@/components/ui/segmented';
import { formatClockMs } from '@/lib/base/format';
import { epochNanosFromMs } from '@/lib/base/time';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { useNow } from '@/lib/client/use-now';

const LENGTHS = ['5', '15', '60'] as const;
type Length = (typeof LENGTHS)[number];
/** Why so much: what led to an incident begins before it, and what it led to shows after the cursor. */
const AFTER_CURSOR_MS = 60_000;

/** Everything of a window as one file, to be looked at later or elsewhere. */
export function ExportIncident() {
  return (
    <Popover
      title="Export this incident"
      className="w-[340px]"
      trigger={
        <IconButton label="Export the incident as a file">
          <Download size={14} aria-hidden="true" />
        </IconButton>
      }
    >
      <Choices />
    </Popover>
  );
}

function Choices() {
  const [length, setLength] = useState<Length>('15');
  const now = useNow(1_000);
  const { atMs } = useTimeCursor();
  if (now === null) return null;
  const toMs = atMs === null ? now : Math.min(now, atMs + AFTER_CURSOR_MS);
  const fromMs = toMs - Number(length) * 60_000;
  const query = new URLSearchParams({
    from: epochNanosFromMs(fromMs).toString(),
    to: epochNanosFromMs(toMs).toString(),
  });
  return (
    <>
      <p className="mb-2.5 text-ink-2">
        Traces, series, maps, findings and control actions of a window as one file. Credentials of
        configurations are taken out of it; what is in the telemetry itself stays.
      </p>
      <div className="mb-1.5 flex items-center justify-between gap-2">
        <Segmented<Length>
          label="Length of the window"
          value={length}
          onChange={setLength}
          options={LENGTHS.map((value) => ({ value, label: `${value} min` }))}
        />
        <span className="num text-xs text-ink-3">
          {formatClockMs(fromMs)} – {formatClockMs(toMs)}
        </span>
      </div>
      <a
        href={`/api/v1/bundle?${query}`}
        download
        className="mb-3 inline-flex h-[26px] w-full items-center justify-center gap-1.5 rounded-m border border-accent bg-accent-bg px-2.5 text-accent hover:brightness-110"
      >
        <Download size={13} aria-hidden="true" /> Download
      </a>
      <p className="mb-1 text-xs text-ink-3">To look at it, in any Weir:</p>
      <CodeBlock code="npm run replay -- weir-incident-….jsonl.gz" label="Command that opens the file" />
    </>
  );
}
