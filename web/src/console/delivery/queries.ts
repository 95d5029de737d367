import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { components } from '@moa-commerce/client';
import { dataOf, moa } from '../../api/moa.ts';
import { listQuery } from '../parts/list-query.ts';
import { countEvents, type Range } from './range.ts';
import { STRIP_LENGTH } from './strip.ts';

type Schemas = components['schemas'];

export type Destination = Schemas['Destination'];
export type DestinationStatus = Schemas['DestinationStatus'];
export type Attempt = Schemas['Attempt'];
export type DeadLetter = Schemas['DeadLetter'];
export type TestResult = Schemas['TestResult'];
export type NewDestination = Schemas['NewDestination'];

/** How often the destinations, and an open one, are read again. */
const REFRESH_MS = 15_000;

const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }: { readonly nextCursor: string | null }) =>
    nextCursor ?? undefined,
};

const ALL = ['console', 'destinations'] as const;

/** What happens at one destination, as several queries read it. */
const stateOf = (destinationId: string) => ['console', 'destination', destinationId] as const;

export const destinationsQuery = {
  ...listQuery({
    queryKey: ALL,
    readPage: ({ limit, cursor, signal }) =>
      dataOf(moa.list('/v1/destinations', { query: { limit }, signal }).page(cursor)),
  }),
  refetchInterval: REFRESH_MS,
};

export const destinationQuery = (destinationId: string) =>
  queryOptions({
    queryKey: [...stateOf(destinationId), 'itself'],
    queryFn: ({ signal }) =>
      dataOf(
        moa.calls.get('/v1/destinations/{destinationId}', { path: { destinationId }, signal }),
      ),
    refetchInterval: REFRESH_MS,
  });

export const statusQuery = (destinationId: string) =>
  queryOptions({
    queryKey: [...stateOf(destinationId), 'status'],
    queryFn: ({ signal }) =>
      dataOf(
        moa.calls.get('/v1/destinations/{destinationId}/status', {
          path: { destinationId },
          signal,
        }),
      ),
  });

/** The newest attempts, for a strip. */
export const stripQuery = (destinationId: string) =>
  queryOptions({
    queryKey: [...stateOf(destinationId), 'strip'],
    queryFn: ({ signal }) =>
      dataOf(
        moa.calls.get('/v1/destinations/{destinationId}/attempts', {
          path: { destinationId },
          query: { limit: STRIP_LENGTH },
          signal,
        }),
      ),
  });

export const attemptsQuery = (destinationId: string) =>
  infiniteQueryOptions({
    queryKey: [...stateOf(destinationId), 'attempts'],
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        moa
          .list('/v1/destinations/{destinationId}/attempts', { path: { destinationId }, signal })
          .page(pageParam),
      ),
    ...paging,
  });

export const deadLettersQuery = (destinationId: string) =>
  infiniteQueryOptions({
    queryKey: [...stateOf(destinationId), 'dead-letters'],
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        moa
          .list('/v1/destinations/{destinationId}/dead-letters', {
            path: { destinationId },
            signal,
          })
          .page(pageParam),
      ),
    ...paging,
  });

/** How many events a range holds, as far as they are counted. */
export const countQuery = ({ from, to, types }: Range) =>
  queryOptions({
    queryKey: ['console', 'count-events', from.getTime(), to.getTime(), types],
    queryFn: ({ signal }) =>
      countEvents(
        (after, limit) =>
          dataOf(moa.calls.get('/v1/events', { query: { after: String(after), limit }, signal })),
        { from, to, types },
      ),
    staleTime: Infinity,
  });

/** Reads again what an effect on a destination has changed. */
export const refreshDestination = async (
  client: QueryClient,
  destinationId: string,
): Promise<void> => {
  void client.invalidateQueries({ queryKey: stateOf(destinationId) });
  await client.invalidateQueries({ queryKey: ALL });
};
