import { infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

/** A page of a list. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  /** Where the next page begins; null at the end. */
  readonly nextCursor: string | null;
}

/** Reads a page of at most `limit` rows; the first without a cursor. */
export type ReadPage<Row> = (page: {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly signal?: AbortSignal;
}) => Promise<ListPage<Row>>;

interface ListOptions<Row, Key extends QueryKey> {
  readonly queryKey: Key;
  readonly readPage: ReadPage<Row>;
  /** How many rows a page has. */
  readonly limit?: number;
  /** How often the list is read again while nobody has paged further. */
  readonly everyMs?: number;
}

/** The query of a list, and what reads its pages without showing them. */
export const listQuery = <Row, Key extends QueryKey>(options: ListOptions<Row, Key>) => {
  const { queryKey, readPage, limit = 50, everyMs } = options;
  const query = infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => readPage({ limit, cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      everyMs !== undefined && state.data?.pages.length === 1 ? everyMs : false,
  });
  return { ...query, readPage };
};
