import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '@moa-commerce/client';
import { dataOf, moa } from '../../api/moa.ts';
import { readBuildInfo, type Build } from './versions.ts';

export type ApiKey = components['schemas']['ApiKey'];

const PAGE = 50;

/** The keys that are accepted, the newest first. */
export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ['console', 'api-keys'],
  queryFn: ({ pageParam }) =>
    dataOf(moa.list('/v1/api-keys', { query: { limit: PAGE } }).page(pageParam)),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});

const readBuild = async (): Promise<Build> => {
  const metrics = await fetch('/metrics');
  const info = metrics.ok ? readBuildInfo(await metrics.text()) : undefined;
  if (info !== undefined) return { ...info, hasMetrics: true };
  const document = (await (await fetch('/openapi.json')).json()) as { info: { version: string } };
  return { version: document.info.version, hasMetrics: false };
};

export const buildQuery = queryOptions({
  queryKey: ['console', 'build'],
  queryFn: readBuild,
  staleTime: Infinity,
});
