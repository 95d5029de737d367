import { queryOptions } from '@tanstack/react-query';
import type { components } from '@moa-commerce/client';
import { dataOf, moa } from '../../api/moa.ts';
import { listQuery } from '../parts/list-query.ts';
import { readBuildInfo, type Build } from './versions.ts';

export type ApiKey = components['schemas']['ApiKey'];

/** The keys that are accepted, the newest first. */
export const apiKeysQuery = listQuery({
  queryKey: ['console', 'api-keys'],
  readPage: ({ limit, cursor, signal }) =>
    dataOf(moa.list('/v1/api-keys', { query: { limit }, signal }).page(cursor)),
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
