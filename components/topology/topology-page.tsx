'use client';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { ErrorState, Loading } from '@/components/ui/states';
import { NothingReceived } from '@/components/ui/teaching-states';
import type { TopologyAnswer } from '@/lib/api/topology';
import { errorMessage } from '@/lib/client/api-error';
import { useEngines, useTopology } from '@/lib/client/queries';
import { useShortcut } from '@/lib/client/use-shortcut';
import { Legend } from './legend';
import { MissingNotes } from './missing-notes';
import { Toolbar } from './toolbar';
import { useMapViewSync } from './use-lit';
import { useMapOptions, useSelection } from './use-selection';
import { VerdictCard } from './verdict-card';

const MapCanvas = dynamic(() => import('./map-canvas').then((module) => module.MapCanvas), {
  ssr: false,
  loading: () => <Loading label="Drawing the map …" className="absolute inset-0 grid place-items-center" />,
});
const TopologyTable = dynamic(() => import('./topology-table').then((module) => module.TopologyTable));
const TuningView = dynamic(() => import('./tuning-view').then((module) => module.TuningView));
const ChangesView = dynamic(() => import('./changes-view').then((module) => module.ChangesView));
const SidePanel = dynamic(() => import('./side-panel').then((module) => module.SidePanel), { ssr: false });

export function TopologyPage() {
  const { data: topology, error, refetch } = useTopology();
  const { data: engines } = useEngines();
  return (
    <>
      <h1 className="sr-only">Topology</h1>
      {topology && topology.nodes.length > 0 ? (
        <TopologyView topology={topology} />
      ) : engines?.length === 0 || (topology && topology.nodes.length === 0) ? (
        <NothingReceived />
      ) : error ? (
        <ErrorState
          title="The map could not be loaded"
          message={errorMessage(error)}
          onRetry={() => void refetch()}
        />
      ) : (
        <Loading />
      )}
    </>
  );
}

function TopologyView({ topology }: { readonly topology: TopologyAnswer }) {
  const { selection, selectNode, selectEdge, clear } = useSelection();
  const [options, setOptions] = useMapOptions();
  const { matches } = useMapViewSync(topology);
  const [goTo, setGoTo] = useState<{ readonly id: string } | null>(null);
  const [fitCount, setFitCount] = useState(0);
  const select = { onSelectNode: selectNode, onSelectEdge: selectEdge };
  useShortcut('clear', () => {
    clear();
    void setOptions({ find: null });
  });
  const openFirstMatch = () => {
    const id = matches?.[0];
    if (!id) return;
    selectNode(id);
    setGoTo({ id });
  };
  return (
    <div className="absolute inset-0 flex">
      <div className="@container relative min-w-0 flex-1 overflow-hidden">
        {options.view === 'table' ? (
          <TopologyTable topology={topology} {...select} />
        ) : options.view === 'tuning' ? (
          <TuningView topology={topology} {...select} />
        ) : options.view === 'changes' ? (
          <ChangesView topology={topology} {...select} />
        ) : (
          <MapCanvas
            topology={topology}
            control={options.ctl}
            goTo={goTo}
            fitCount={fitCount}
            onClear={clear}
            {...select}
          />
        )}
        <div className="pointer-events-none absolute inset-x-3.5 top-2.5 z-10">
          <Toolbar
            matches={matches?.length ?? null}
            onSearchEnter={openFirstMatch}
            onFit={() => setFitCount(fitCount + 1)}
          />
        </div>
        {options.view !== 'map' ? null : (
          <div className="pointer-events-none absolute inset-x-4 bottom-4 z-10 flex max-h-[60%] items-end justify-between gap-3 @max-[860px]:flex-col @max-[860px]:items-start @max-[860px]:gap-2">
            <VerdictCard topology={topology} {...select} />
            <div className="flex flex-none flex-col items-end gap-2 @max-[860px]:items-start">
              <MissingNotes missing={topology.missing} />
              <Legend />
            </div>
          </div>
        )}
      </div>
      {selection.kind === 'none' ? null : (
        <SidePanel topology={topology} selection={selection} onClose={clear} />
      )}
    </div>
  );
}
