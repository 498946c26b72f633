'use client';
/** The canvas. Loaded after the page, because React Flow is the heaviest thing on it. */
import '@xyflow/react/dist/base.css';
import './map.css';
import {
  type EdgeChange,
  MiniMap,
  type NodeChange,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  ViewportPortal,
} from '@xyflow/react';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { TopologyAnswer, TopologyNode } from '@/lib/api/topology';
import { nodeColor } from '@/lib/client/node-color';
import { useShortcut } from '@/lib/client/use-shortcut';
import { CARD_HEIGHT, CARD_WIDTH } from '@/lib/topology/card-size';
import { ChannelEdgeView } from './channel-edge';
import { ControlOverlay } from './control-overlay';
import { FarCanvas } from './far-canvas';
import { nodeAt } from './far-picture';
import {
  boundsOf,
  type CardNode,
  type ChannelEdge,
  fitTop,
  flowEdges,
  flowNodes,
  lanesOf,
} from './flow-elements';
import { type ArrowKey, nodeTowards } from './graph-walk';
import { setMapView } from './map-view';
import { NodeCard } from './node-card';

const NODE_TYPES = { card: NodeCard };
const EDGE_TYPES = { channel: ChannelEdgeView };
const INSETS = { top: 92, bottom: 72, side: 24 };
/** Room for the verdict card, given as long as the map does not shrink by more than a fifth for it. */
const VERDICT_INSETS = { ...INSETS, bottom: 300 };
/** Below this zoom a card's figures cannot be read. */
const FAR_BELOW = 0.45;
/** Larger maps draw only what is in sight, and stand still. */
const LARGE_FROM = 80;
/** Below this zoom a large map is one drawing: its names could not be read, and its elements would be thousands. */
const DRAWN_BELOW = 0.28;
const NO_NODES: CardNode[] = [];
const NO_EDGES: ChannelEdge[] = [];
const MINIMAP_FROM = 16;
const PAN_PX = 120;

export interface MapCanvasProps {
  readonly topology: TopologyAnswer;
  readonly control: boolean;
  readonly onSelectNode: (id: string) => void;
  readonly onSelectEdge: (id: string) => void;
  readonly onClear: () => void;
  /** A node to bring into sight, from search; a new object each time. */
  readonly goTo: { readonly id: string } | null;
  /** Grows with each wish to see all of it. */
  readonly fitCount: number;
}

/** Rendered again only when the map itself or a wish of the page changes; figures go past it to cards and edges. */
export const MapCanvas = memo(function MapCanvas(props: MapCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
});

function Canvas({ topology, control, onSelectNode, onSelectEdge, onClear, goTo, fitCount }: MapCanvasProps) {
  const { nodes: mapNodes, edges: mapEdges } = topology;
  const nodes = useMemo(() => flowNodes({ nodes: mapNodes, edges: mapEdges }), [mapNodes, mapEdges]);
  const edges = useMemo(() => flowEdges({ nodes: mapNodes, edges: mapEdges }), [mapNodes, mapEdges]);
  const lanes = useMemo(() => lanesOf(mapNodes), [mapNodes]);
  const bounds = useMemo(() => boundsOf(mapNodes), [mapNodes]);
  const frame = useRef<HTMLElement>(null);
  const flow = useReactFlow<CardNode, ChannelEdge>();
  const large = mapNodes.length >= LARGE_FROM;
  const [isFar, setFar] = useState(false);
  const [named, setNamed] = useState<string | null>(null);
  const drawn = large && isFar;
  const onZoom = (zoom: number) => {
    setMapView({ far: zoom < FAR_BELOW });
    setFar(zoom < DRAWN_BELOW);
  };
  useFit(frame, bounds, flow, fitCount, onZoom);
  useViewKeys(flow);
  useEffect(() => setMapView({ moving: !large }), [large]);
  useEffect(() => {
    if (goTo) bringIntoSight(flow, mapNodes, goTo.id);
  }, [flow, mapNodes, goTo]);
  const cardUnder = (event: MouseEvent | globalThis.MouseEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || !drawn) return null;
    const view = { ...flow.getViewport(), width: box.width, height: box.height };
    return nodeAt(mapNodes, view, { x: event.clientX - box.left, y: event.clientY - box.top });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.key.startsWith('Arrow') || !(event.target instanceof HTMLElement)) return;
    const from = event.target.closest<HTMLElement>('.react-flow__node')?.dataset.id;
    const next = from ? nodeTowards(topology, from, event.key as ArrowKey) : null;
    if (!next) return;
    event.preventDefault();
    bringIntoSight(flow, mapNodes, next);
    frame.current
      ?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`)
      ?.focus({ preventScroll: true });
  };
  const onClick = (event: MouseEvent) => {
    const label = (event.target as Element).closest<HTMLElement>('[data-edge-label]');
    if (label?.dataset.edgeLabel) onSelectEdge(label.dataset.edgeLabel);
  };
  return (
    <section
      ref={frame}
      aria-label="Map of the pipeline"
      className="dot-grid absolute inset-0"
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <ReactFlow<CardNode, ChannelEdge>
        nodes={drawn ? NO_NODES : nodes}
        edges={drawn ? NO_EDGES : edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        disableKeyboardA11y={false}
        minZoom={0.04}
        maxZoom={2}
        onlyRenderVisibleElements={large}
        onNodesChange={(changes) => forSelected(changes, onSelectNode)}
        onEdgesChange={(changes) => forSelected(changes, onSelectEdge)}
        onPaneClick={(event) => {
          const card = cardUnder(event);
          if (card) onSelectNode(card.id);
          else onClear();
        }}
        onPaneMouseMove={(event) => setNamed(cardUnder(event)?.id ?? null)}
        onMove={(_, viewport) => onZoom(viewport.zoom)}
        attributionPosition="bottom-center"
      >
        {drawn ? <FarCanvas nodes={mapNodes} edges={mapEdges} /> : null}
        <ViewportPortal>
          {bounds && !drawn
            ? lanes.map((lane) => (
                <span
                  key={lane.x}
                  style={{ transform: `translate(${lane.x}px, ${bounds.y - 34}px)` }}
                  className="absolute whitespace-nowrap text-2xs uppercase tracking-[0.12em] text-ink-3"
                >
                  {lane.name}
                </span>
              ))
            : null}
          {control && !drawn ? <ControlOverlay nodes={mapNodes} /> : null}
        </ViewportPortal>
        {drawn && named ? (
          <Panel
            position="bottom-center"
            className="!mb-3 rounded-s border border-line bg-raised px-2 py-0.5 text-s"
          >
            {named}
          </Panel>
        ) : null}
        {mapNodes.length >= MINIMAP_FROM && !drawn ? (
          <Panel position="bottom-right" className="!bottom-14">
            <MiniMap
              pannable
              zoomable
              ariaLabel="Overview of the map"
              className="!static !m-0"
              style={{ width: 160, height: 96 }}
              nodeColor={(node) => nodeColor(node.id)}
              nodeBorderRadius={6}
            />
          </Panel>
        ) : null}
      </ReactFlow>
    </section>
  );
}

/** React Flow says what it would select; the selection itself is in the URL. */
function forSelected(
  changes: readonly (NodeChange<CardNode> | EdgeChange<ChannelEdge>)[],
  select: (id: string) => void,
): void {
  for (const change of changes) if (change.type === 'select' && change.selected) select(change.id);
}

type Flow = ReturnType<typeof useReactFlow<CardNode, ChannelEdge>>;

function bringIntoSight(flow: Flow, nodes: readonly TopologyNode[], id: string): void {
  const node = nodes.find((candidate) => candidate.id === id);
  if (!node) return;
  const { x, y } = node.position;
  const zoom = Math.max(flow.getZoom(), 0.7);
  void flow.setCenter(x + CARD_WIDTH / 2, y + CARD_HEIGHT / 2, { zoom, duration: 0 });
}

/** Fits once for each map and size of the frame, and on `f`. */
function useFit(
  frame: RefObject<HTMLElement | null>,
  bounds: ReturnType<typeof boundsOf>,
  flow: Flow,
  fitCount: number,
  onZoom: (zoom: number) => void,
): void {
  const fit = () => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || !bounds) return;
    const whole = fitTop(bounds, box, INSETS);
    const above = fitTop(bounds, box, VERDICT_INSETS);
    const view = above.zoom >= whole.zoom * 0.8 ? above : whole;
    void flow.setViewport(view);
    onZoom(view.zoom);
  };
  const latest = useRef(fit);
  useEffect(() => {
    latest.current = fit;
  });
  const { x = 0, y = 0, width = 0, height = 0 } = bounds ?? {};
  const shape = `${x} ${y} ${width} ${height}`;
  useEffect(() => {
    if (shape === '0 0 0 0' || !frame.current) return;
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [shape, frame]);
  useEffect(() => {
    if (fitCount > 0) latest.current();
  }, [fitCount]);
  useShortcut('fit', fit);
}

function useViewKeys(flow: Flow): void {
  const pan = (dx: number) => {
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + dx, y, zoom });
  };
  useShortcut('view.in', () => void flow.zoomIn());
  useShortcut('view.out', () => void flow.zoomOut());
  useShortcut('view.left', () => pan(PAN_PX));
  useShortcut('view.right', () => pan(-PAN_PX));
}
