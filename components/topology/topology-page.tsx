'use client';

export function TopologyPage() {
  return <h1 className="sr-only">Topology</h1>;
}
