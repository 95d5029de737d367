import type { GroupCommit } from '../commit/index.ts';

const SECONDS = 60;

interface Second {
  readonly at: number;
  count: number;
}

/** Counts the refused commands of the last minute, of this process. */
export const countRefusals = <Event, Refusal>(commit: GroupCommit<Event, Refusal>) => {
  let seconds: Second[] = [];
  const add = (): void => {
    const at = Math.floor(performance.now() / 1_000);
    const last = seconds.at(-1);
    if (last?.at === at) last.count += 1;
    else seconds.push({ at, count: 1 });
    if (seconds.length > SECONDS) seconds = seconds.slice(-SECONDS);
  };
  const counted: GroupCommit<Event, Refusal> = {
    ...commit,
    submit: async (command) => {
      const outcome = await commit.submit(command);
      if (outcome.kind === 'refused') add();
      return outcome;
    },
  };
  return {
    commit: counted,
    /** The refusals of the last 60 seconds. */
    lastMinute: (): number => {
      const oldest = Math.floor(performance.now() / 1_000) - SECONDS;
      return seconds.reduce((sum, { at, count }) => (at > oldest ? sum + count : sum), 0);
    },
  };
};
