'use client';
/**
 * The one EventSource of the page. It is opened anew when the scope changes, and again by itself after a loss: the
 * browser's own retry gives up on some answers, so a closed one is replaced after `RETRY_MS`.
 */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import type { StreamEvent } from '@/lib/api/stream';
import { applyStreamWrite } from './apply-stream-write';
import { afterLoss, connectionStore } from './connection';
import { withQuery } from './fetch-json';
import { writesOf } from './stream-reducer';
import { useTimeCursor } from './time-cursor';
import { useScope } from './url-state';

const EVENT_TYPES = ['topology', 'stats', 'traces', 'control', 'settings', 'health'] as const;
const RETRY_MS = 1_000;
/** Without any word (heartbeats included) for this long the stream is taken as dead. */
const SILENCE_MS = 12_000;

export function StreamProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const { engine, pipeline, window: statsWindow } = useScope();
  const { live } = useTimeCursor();
  const frozen = useRef(false);
  useEffect(() => {
    frozen.current = !live;
  }, [live]);

  useEffect(() => {
    const scope = { engine, pipeline, window: statsWindow };
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let wasLost = false;

    const lose = () => {
      wasLost = true;
      connectionStore.set(afterLoss(connectionStore.get(), Date.now()));
      source?.close();
      clearTimeout(silence);
      clearTimeout(retry);
      retry = setTimeout(open, RETRY_MS);
    };
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(lose, SILENCE_MS);
    };
    const open = () => {
      const next = new EventSource(withQuery('/api/v1/stream', { ...scope, traces: 0 }));
      source = next;
      next.onopen = () => {
        connectionStore.set({ kind: 'open' });
        // What was missed meanwhile is asked for again; streamed keys come with the first events.
        if (wasLost) void client.invalidateQueries();
        wasLost = false;
        heard();
      };
      next.onerror = lose;
      next.addEventListener('heartbeat', heard);
      for (const type of EVENT_TYPES) {
        next.addEventListener(type, (message: MessageEvent<string>) => {
          heard();
          const event = { type, data: JSON.parse(message.data) } as StreamEvent;
          for (const write of writesOf(event, scope)) applyStreamWrite(client, write, frozen.current);
        });
      }
    };
    open();
    return () => {
      clearTimeout(retry);
      clearTimeout(silence);
      source?.close();
    };
  }, [client, engine, pipeline, statsWindow]);

  return children;
}
