/** In which order findings stood at a moment: how much each harmed then is no longer known, but what came first is. */

/** Changes of the order kept: the oldest go first. */
export const MAX_ORDERS = 4_000;

export interface OrderLog {
  /** To be called in order of time. */
  note(at: number, ids: readonly string[]): void;
  /** Place of each id at that moment; empty where nothing stood or nothing is known. */
  at(moment: number): ReadonlyMap<string, number>;
}

export function createOrderLog(): OrderLog {
  let orders: { readonly at: number; readonly ids: readonly string[] }[] = [];
  return {
    note(at, ids) {
      const before = orders.at(-1)?.ids ?? [];
      if (before.length === ids.length && before.every((id, i) => id === ids[i])) return;
      orders.push({ at, ids });
      if (orders.length > MAX_ORDERS) orders = orders.slice(-MAX_ORDERS);
    },
    at(moment) {
      let low = 0;
      let high = orders.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((orders[middle]?.at ?? 0) <= moment) low = middle + 1;
        else high = middle;
      }
      return new Map((orders[low - 1]?.ids ?? []).map((id, i) => [id, i]));
    },
  };
}
