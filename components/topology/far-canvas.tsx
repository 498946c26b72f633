'use client';
/**
 * The map from so far that cards cannot be read: one canvas in the place of a thousand elements. It is drawn at most
 * once a frame, when something moved. The pane above it takes the
 * pointer; the table and the search reach every node by keyboard.
 */
import { useOnViewportChange, useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { TopologyEdge, TopologyNode } from '@/lib/api/topology';
import { edgeStatsStore, nodeStatsStore } from '@/lib/client/live-stats';
import { drawFar, type FarColors, type View } from './far-picture';
import { mapView } from './map-view';
import { measureOf } from './measures';

export function FarCanvas(props: {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}) {
  const { nodes, edges } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<View>({ x: 0, y: 0, zoom: 1, width: 0, height: 0 });
  const redraw = useRef<() => void>(() => undefined);
  const flow = useReactFlow();

  useOnViewportChange({
    onChange: ({ x, y, zoom }) => {
      view.current = { ...view.current, x, y, zoom };
      redraw.current();
    },
  });

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    let colors = colorsOf(element);
    const placeOf = new Map(nodes.map((node) => [node.id, node.position]));
    let frame = 0;
    const draw = () => {
      frame = 0;
      const { measure, lit, selectedNode, blamed, hideIdle } = mapView.get();
      drawFar(
        context,
        {
          nodes,
          edges,
          placeOf,
          nodeStats: nodeStatsStore.get,
          edgeStats: edgeStatsStore.get,
          measure: measureOf(measure),
          lit,
          selected: selectedNode,
          blamed,
          hideIdle,
        },
        view.current,
        colors,
      );
    };
    const ask = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    redraw.current = ask;
    const resize = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = window.devicePixelRatio || 1;
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      view.current = { ...flow.getViewport(), width, height };
      ask();
    };
    const recolor = () => {
      colors = colorsOf(element);
      ask();
    };
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    window.addEventListener('weir:theme', recolor);
    const leave = [
      nodeStatsStore.subscribeAny(ask),
      edgeStatsStore.subscribeAny(ask),
      mapView.subscribe(ask),
    ];
    resize();
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      window.removeEventListener('weir:theme', recolor);
      for (const end of leave) end();
    };
  }, [nodes, edges, flow]);

  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`The map from afar: ${nodes.length} nodes, ${edges.length} channels`}
      className="pointer-events-none absolute inset-0 size-full"
    />
  );
}

function colorsOf(element: HTMLElement): FarColors {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    steps: [0, 1, 2, 3, 4].map((step) => token(`--u${step}`)),
    idle: token('--idle'),
    card: token('--surface'),
    line: token('--line-strong'),
    accent: token('--accent'),
    work: token('--work'),
    blocked: token('--blocked'),
    bad: token('--bad'),
  };
}
