'use client';
import { useRouter } from 'next/navigation';
import { showToast } from '@/components/ui/toast';
import { usePageHref } from '@/components/ui/use-page-href';
import { formatMs } from '@/lib/base/format';
import { errorMessage } from '@/lib/client/api-error';
import { usePutTracingSettings } from '@/lib/client/mutations';
import { useSelectedEngine, useTopology, useTraces, useTracingSettings } from '@/lib/client/queries';
import { SHORTCUTS } from '@/lib/client/shortcuts';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { TRACING_MODES } from '@/lib/semconv/signals';
import { parseUrn } from '@/lib/semconv/urn';
import { PAGES } from './nav';
import { asTraceId, type Command, looksLikeId } from './palette-commands';

/** Everything the palette can do now; traces are asked of the server once the text may be an id. */
export function useCommands(text: string): readonly Command[] {
  return [...useTraceCommands(text), ...usePageCommands(), ...useTimeCommands(), ...useModeCommands()];
}

function usePageCommands(): readonly Command[] {
  const router = useRouter();
  const hrefFor = usePageHref();
  const { data: topology } = useTopology();
  const pages = PAGES.map(
    (page): Command => ({
      id: `page ${page.href}`,
      group: 'Page',
      label: page.name,
      hint: SHORTCUTS.find((shortcut) => shortcut.id === page.shortcut)?.keys.join(' ') ?? '',
      words: 'go to open page',
      run: () => router.push(hrefFor(page.href)),
    }),
  );
  const nodes = (topology?.nodes ?? []).map(
    (node): Command => ({
      id: `node ${node.id}`,
      group: 'Node',
      label: node.id,
      hint: parseUrn(node.type)?.typeId ?? node.type,
      words: `${node.kind} ${node.type}`,
      run: () => router.push(hrefFor(`/?node=${encodeURIComponent(node.id)}`)),
    }),
  );
  return [...pages, ...nodes];
}

function useTimeCommands(): readonly Command[] {
  const cursor = useTimeCursor();
  return [
    {
      id: 'time',
      group: 'Time',
      label: cursor.live ? 'Freeze' : 'Back to live',
      hint: 'Space',
      words: 'time pause live freeze cursor',
      run: cursor.toggle,
    },
  ];
}

function useModeCommands(): readonly Command[] {
  const engine = useSelectedEngine();
  const { data: settings } = useTracingSettings(engine?.id ?? null);
  const put = usePutTracingSettings(engine?.id ?? '');
  if (!engine?.connected || !settings) return [];
  return TRACING_MODES.filter((mode) => mode !== settings.mode).map((mode) => ({
    id: `mode ${mode}`,
    group: 'Tracing mode',
    label: `Trace ${mode}`,
    hint: `now ${settings.mode}`,
    words: `tracing mode switch ${mode}`,
    run: () =>
      put.mutate(
        { mode, tailSampling: settings.tailSampling },
        {
          onSuccess: ({ revision }) => showToast(`Tracing ${mode} sent as revision ${revision}`, 'ok'),
          onError: (error) => showToast(errorMessage(error), 'bad'),
        },
      ),
  }));
}

const TRACE_RESULTS = 8;

function useTraceCommands(text: string): readonly Command[] {
  const router = useRouter();
  const hrefFor = usePageHref();
  const wanted = text.trim();
  const asks = looksLikeId(wanted);
  const { data } = useTraces({ q: asks ? wanted : '', limit: asks ? TRACE_RESULTS : 1 });
  if (!asks) return [];
  const found = (data?.traces ?? []).map(
    (trace): Command => ({
      id: `trace ${trace.traceId}`,
      group: 'Trace',
      label: trace.batchId || trace.traceId,
      hint: `${trace.status === 'error' ? 'error · ' : ''}${formatMs(trace.durationMs)} · ${trace.rootName}`,
      words: `${trace.traceId} ${wanted}`,
      run: () => router.push(hrefFor(`/traces/${trace.traceId}`)),
    }),
  );
  const id = asTraceId(wanted);
  if (id === null || found.some((command) => command.id === `trace ${id}`)) return found;
  const open: Command = {
    id: `trace ${id}`,
    group: 'Trace',
    label: id,
    hint: 'open by id',
    words: wanted,
    run: () => router.push(hrefFor(`/traces/${id}`)),
  };
  return [open, ...found];
}
