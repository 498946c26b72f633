/**
 * Ids of nodes in engines where one name stands in several pipelines: `batch@traces/ok`. The name comes first, so that
 * lists sort and read by it. What belongs to the whole process has its name alone.
 */
export function instanceId(component: string, pipeline: string | null): string {
  return pipeline === null || pipeline === '' ? component : `${component}@${pipeline}`;
}

/** The Collector's `type/name`, the type of a component; a type of its own where it has no name. */
export function componentType(component: string): string {
  const slash = component.indexOf('/');
  return slash < 0 ? component : component.slice(0, slash);
}
