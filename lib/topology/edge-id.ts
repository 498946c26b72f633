/** One edge of the map: a sender's port into a node. */
export function edgeId(edge: { readonly from: string; readonly port: string; readonly to: string }): string {
  return `${edge.from}:${edge.port}>${edge.to}`;
}
