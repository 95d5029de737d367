import type { GroupCommit } from '../commit/index.ts';

const SECONDS = 60;

/** How often commands were refused for one reason. */
export interface RefusalCount {
  readonly code: string;
  readonly count: number;
}

interface Second {
  readonly at: number;
  readonly counts: Map<string, number>;
}

const addTo = (counts: Map<string, number>, code: string, count: number): void => {
  counts.set(code, (counts.get(code) ?? 0) + count);
};

/** Counts the refused commands of the last minute by their reason, of this process. */
export const countRefusals = <Event, Refusal extends { readonly code: string }>(
  commit: GroupCommit<Event, Refusal>,
) => {
  let seconds: Second[] = [];
  const add = (code: string): void => {
    const at = Math.floor(performance.now() / 1_000);
    const last = seconds.at(-1);
    if (last?.at === at) addTo(last.counts, code, 1);
    else seconds.push({ at, counts: new Map([[code, 1]]) });
    if (seconds.length > SECONDS) seconds = seconds.slice(-SECONDS);
  };
  const counted: GroupCommit<Event, Refusal> = {
    ...commit,
    submit: async (command) => {
      const outcome = await commit.submit(command);
      if (outcome.kind === 'refused') add(outcome.refusal.code);
      return outcome;
    },
  };
  return {
    commit: counted,
    /** The refusals of the last 60 seconds by their reason, the most frequent first. */
    lastMinute: (): RefusalCount[] => {
      const oldest = Math.floor(performance.now() / 1_000) - SECONDS;
      const sums = new Map<string, number>();
      for (const { at, counts } of seconds) {
        if (at <= oldest) continue;
        for (const [code, count] of counts) addTo(sums, code, count);
      }
      return [...sums]
        .map(([code, count]) => ({ code, count }))
        .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
    },
  };
};
