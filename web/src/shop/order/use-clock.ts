import { queryOptions, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { offsetOf } from './clock.ts';

const TICK_MS = 1_000;

/** One timer for every countdown of a page; it runs while one is shown. */
const createTicks = () => {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: (): number => now,
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      timer ??= setInterval(tick, TICK_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
};

const ticks = createTicks();
const stopped = (): (() => void) => () => undefined;

const clockQuery = queryOptions({
  queryKey: ['clock'],
  queryFn: async ({ signal }) => {
    const sentAt = Date.now();
    const answer = await fetch('/healthz', { cache: 'no-store', signal });
    return offsetOf({ sentAt, receivedAt: Date.now(), date: answer.headers.get('date') });
  },
  staleTime: Infinity,
});

/** The time by the clock of the service, once a second while `isRunning`. */
export const useServerNow = (isRunning: boolean): number => {
  const now = useSyncExternalStore(isRunning ? ticks.subscribe : stopped, ticks.now);
  const { data = 0 } = useQuery({ ...clockQuery, enabled: isRunning });
  return now + data;
};
