import type { Calls, CallOptions } from './call.ts';
import type { DataOf, OperationAt, ParametersOf, PathsWith, ProblemOf } from './contract.ts';
import { MoaFault, type Result } from './result.ts';

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** The paths whose answer is a page of a list. */
export type ListPath = {
  [P in PathsWith<'get'>]: DataOf<OperationAt<'get', P>> extends Page ? P : never;
}[PathsWith<'get'>];

/**
 * A list: iterate over all its items, or read one page. An iteration reads a page when it needs it;
 * a problem ends it with a `MoaFault` that has the problem.
 */
export interface List<Answer extends Page, Refusal extends { code: string }> extends AsyncIterable<
  Answer['items'][number]
> {
  /** One page, the first without a cursor. */
  readonly page: (cursor?: string) => Promise<Result<Answer, Refusal>>;
}

/** The list at a path. */
export type ListAt<P extends ListPath> = List<
  Extract<DataOf<OperationAt<'get', P>>, Page>,
  ProblemOf<OperationAt<'get', P>> & { code: string }
>;

/** What a list takes: the call's parameters; the list itself follows the cursors. */
export type ListOptions<P extends ListPath> = ParametersOf<OperationAt<'get', P>> & CallOptions;

type ReadPage = (cursor: string | undefined) => Promise<Result<Page, { code: string }>>;

async function* itemsOf(readPage: ReadPage): AsyncGenerator {
  let cursor: string | undefined;
  do {
    const result = await readPage(cursor);
    if (!result.ok) {
      const { problem } = result;
      const message = `the list ends with the problem ${problem.code}`;
      throw new MoaFault(message, { reason: 'problem', problem });
    }
    yield* result.data.items;
    cursor = result.data.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** Makes the list at a path; nothing is read before it is asked for. */
export const createLists =
  ({ get }: Calls) =>
  <P extends ListPath>(path: P, options: ListOptions<P>): ListAt<P> => {
    const read = get as unknown as (path: string, options: object) => ReturnType<ReadPage>;
    const { query = {} } = options as { query?: object };
    const readPage: ReadPage = (cursor) =>
      read(path, { ...options, query: { ...query, ...(cursor === undefined ? {} : { cursor }) } });
    const list = { page: readPage, [Symbol.asyncIterator]: () => itemsOf(readPage) };
    return list as unknown as ListAt<P>;
  };
