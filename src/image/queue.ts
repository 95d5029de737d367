/** The file of a phone takes about half a second, and a caller waits for 5 s by default. */
const WAITING_MAX = 8;

/**
 * Runs works one at a time, in order of arrival, so that one core stays with the shop. Returns
 * undefined for a work that finds the queue full.
 */
export const createQueue = (): (<Value>(
  work: () => Promise<Value>,
) => Promise<Value> | undefined) => {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= WAITING_MAX) return undefined;
    waiting += 1;
    const done = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = done.catch(() => undefined);
    return done;
  };
};
