import { expect, test } from 'vitest';
import { createRowLoader, createSharedRead, shareRunning } from './loader.ts';

interface Row {
  readonly id: string;
  readonly version: number;
}

/** A loader whose rows have the number of their fetch, and the keys of every fetch. */
const createCounting = (known: readonly string[]) => {
  const fetches: (readonly string[])[] = [];
  const load = createRowLoader<Row>(
    (keys) => {
      fetches.push(keys);
      const version = fetches.length;
      // In a different order than the keys, like a database.
      const found = keys.filter((key) => known.includes(key)).toReversed();
      return Promise.resolve(found.map((id) => ({ id, version })));
    },
    ({ id }) => id,
  );
  return { load, fetches };
};

test('requests in one turn of the event loop share one fetch, with each key once', async () => {
  const { load, fetches } = createCounting(['a', 'b', 'c']);
  const rows = await Promise.all(['b', 'a', 'b', 'c', 'b'].map(load));
  expect(rows.map((row) => row?.id)).toEqual(['b', 'a', 'b', 'c', 'b']);
  expect(fetches).toEqual([['b', 'a', 'c']]);
});

test('a key without a row is undefined and does not affect the others', async () => {
  const { load } = createCounting(['a']);
  expect(await Promise.all([load('gone'), load('a')])).toEqual([
    undefined,
    { id: 'a', version: 1 },
  ]);
});

test('rows are not cached: a later request gets the later row', async () => {
  const { load, fetches } = createCounting(['a']);
  expect(await load('a')).toEqual({ id: 'a', version: 1 });
  expect(await load('a')).toEqual({ id: 'a', version: 2 });
  expect(fetches).toEqual([['a'], ['a']]);
});

test('a request during a fetch starts another fetch', async () => {
  let answer: ((rows: Row[]) => void) | undefined;
  let fetches = 0;
  const load = createRowLoader<Row>(
    () => {
      fetches++;
      const fetched = Promise.withResolvers<Row[]>();
      if (fetches === 1) answer = fetched.resolve;
      else fetched.resolve([{ id: 'a', version: 2 }]);
      return fetched.promise;
    },
    ({ id }) => id,
  );
  const early = load('a');
  await expect.poll(() => answer, { interval: 1, timeout: 10_000 }).toBeDefined();
  const late = load('a');
  expect(await late).toEqual({ id: 'a', version: 2 });
  answer?.([{ id: 'a', version: 1 }]);
  expect(await early).toEqual({ id: 'a', version: 1 });
});

test('a failed fetch rejects its own requests and no later one', async () => {
  let fetches = 0;
  const load = createRowLoader<Row>(
    (keys) =>
      ++fetches === 1
        ? Promise.reject(new Error('no database'))
        : Promise.resolve(keys.map((id) => ({ id, version: fetches }))),
    ({ id }) => id,
  );
  const outcomes = await Promise.allSettled([load('a'), load('b')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await load('a')).toEqual({ id: 'a', version: 2 });
});

test('calls in one turn of the event loop share one read, and a later call gets a later one', async () => {
  const reads: number[][] = [];
  const read = createSharedRead((...args: [number, number]) => {
    reads.push(args);
    return Promise.resolve(reads.length);
  });
  expect(await Promise.all([read(3, 5), read(3, 5), read(30, 5)])).toEqual([1, 1, 2]);
  expect(await read(3, 5)).toBe(3);
  expect(reads).toEqual([
    [3, 5],
    [30, 5],
    [3, 5],
  ]);
});

test('a call that comes while a read runs gets a read of its own', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let reads = 0;
  const read = createSharedRead(async () => {
    reads++;
    await promise;
  });
  const first = read();
  await new Promise(setImmediate);
  const second = read();
  resolve();
  await Promise.all([first, second]);
  expect(reads).toBe(2);
});

test('calls during a read share its result or its fault, and a call after it reads again', async () => {
  let running = Promise.withResolvers<number>();
  let reads = 0;
  const read = shareRunning(() => {
    reads++;
    return running.promise;
  });
  const shared = [read(), read()];
  await new Promise(setImmediate);
  shared.push(read());
  running.resolve(1);
  expect(await Promise.all(shared)).toEqual([1, 1, 1]);

  running = Promise.withResolvers();
  const failing = [read(), read()];
  running.reject(new Error('no database'));
  const outcomes = await Promise.allSettled(failing);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(reads).toBe(2);
});
