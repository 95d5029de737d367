import { queryOptions, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { createTicks } from '../../parts/ticks.ts';
import { offsetOf } from './clock.ts';

/** Every countdown of a page shows seconds. */
const ticks = createTicks(1_000);
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
