'use client';
import { FolderOpen } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';
import { formatCount } from '@/lib/base/format';
import { type Imported, importFiles } from '@/lib/client/import-files';

/** OTLP JSON files, chosen or dropped anywhere on the page, are taken in; what they hold is then shown. */
export function useFileImport() {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const take = async (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length === 0 || busy) return;
    setBusy(true);
    const imported = await importFiles(files);
    setBusy(false);
    say(imported);
    if (imported.spans > 0) router.push(hrefOf(imported));
  };
  return { busy, take };
}

/** One trace is opened; of several the list shows the time that they are of, whichever engine they came from. */
function hrefOf({ traceIds, first, last }: Imported): string {
  if (traceIds.length === 1) return `/traces/${traceIds[0]}`;
  return first === null || last === null ? '/traces' : `/traces?from=${first}&to=${last}`;
}

function say({ spans, others, rejected, problems }: Imported): void {
  const parts = [
    `${formatCount(spans)} spans`,
    others > 0 ? `${formatCount(others)} points and log records` : '',
    rejected > 0 ? `${formatCount(rejected)} rejected` : '',
  ].filter(Boolean);
  const [problem] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  if (problem) showToast(`${parts.join(', ')} read. ${problem}${more}`, 'bad');
  else showToast(`${parts.join(', ')} read`, 'ok');
}

export function OpenFiles(props: ReturnType<typeof useFileImport>) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".json,.jsonl,.ndjson,.gz"
        aria-label="OTLP JSON files"
        onChange={(event) => {
          const { target } = event;
          void props.take(target.files).then(() => {
            target.value = '';
          });
        }}
      />
      <Button
        disabled={props.busy}
        onClick={() => input.current?.click()}
        title="Open OTLP JSON files of this or another tool; or drop them on the page"
      >
        <FolderOpen size={13} aria-hidden="true" />
        {props.busy ? 'Reading …' : 'Open file'}
      </Button>
    </>
  );
}

/** Whatever is dropped within is taken as files; says so while they are held over it. */
export function FileDrop(props: ReturnType<typeof useFileImport> & { readonly children: ReactNode }) {
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be chosen by the button as well
    <div
      className="relative flex h-full flex-col"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        void props.take(event.dataTransfer.files);
      }}
    >
      {props.children}
      {over ? (
        <div className="pointer-events-none absolute inset-2 z-40 flex items-center justify-center rounded-m border-2 border-dashed border-accent bg-accent-bg/80 text-l text-accent">
          OTLP JSON, one document or one a line, also gzipped
        </div>
      ) : null}
    </div>
  );
}
