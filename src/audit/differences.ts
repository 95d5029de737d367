/** A difference between the journal and a table, or a step that an event must not take. */
export interface Difference {
  readonly violation: string;
  /** The numbers of the violated invariants. */
  readonly invariants: readonly string[];
}

/** Collects differences, at most about `limit` for each invariant, so that none hides another. */
export const createDifferences = (limit: number) => {
  const counts = new Map<string, number>();
  const all: Difference[] = [];
  return {
    all: all as readonly Difference[],
    add: (difference: Difference): void => {
      const countOf = (invariant: string): number => counts.get(invariant) ?? 0;
      const { invariants } = difference;
      if (!invariants.some((invariant) => countOf(invariant) < limit)) return;
      for (const invariant of invariants) counts.set(invariant, countOf(invariant) + 1);
      all.push(difference);
    },
  };
};

export type Differences = ReturnType<typeof createDifferences>;
