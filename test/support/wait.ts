import { setTimeout as delay } from 'node:timers/promises';

/** Longer than any healthy step on a slow machine. */
const TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 20;
/** The real clock, also in a test that fakes it later. */
const now = performance.now.bind(performance);

/** The same promise, but it rejects after the timeout. */
export const withinTime = async <T>(promise: Promise<T>, what: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`timeout while waiting for ${what}`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Polls until the condition holds; rejects after the timeout. */
export const waitUntil = async (
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> => {
  const deadline = now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (now() > deadline) throw new Error(`timeout while waiting for ${what}`);
    await delay(LOOK_EVERY_MS);
  }
};
