/** As many products as one stream follows. */
const PRODUCTS_MAX = 100;

/** The products that the page shows, counted, because several parts may show the same one. */
export const createWatched = () => {
  const counts = new Map<string, number>();
  const listeners = new Set<() => void>();
  let ids = '';
  const change = (): void => {
    ids = [...counts.keys()].sort().slice(0, PRODUCTS_MAX).join(',');
    for (const listener of listeners) listener();
  };
  return {
    add: (added: readonly string[]): (() => void) => {
      for (const id of added) counts.set(id, (counts.get(id) ?? 0) + 1);
      change();
      return () => {
        for (const id of added) {
          const left = (counts.get(id) ?? 1) - 1;
          if (left === 0) counts.delete(id);
          else counts.set(id, left);
        }
        change();
      };
    },
    ids: () => ids,
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

export type Watched = ReturnType<typeof createWatched>;
