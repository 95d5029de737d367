import { expect, test } from 'vitest';
import type { ReadPage } from './list-query.ts';
import { readOn, ROWS_MAX } from './read-on.ts';

interface Row {
  readonly id: number;
  readonly price: number;
}

const keyOf = ({ id }: Row): string => String(id);

const rowsFrom = (first: number, count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, price: 100 }));

/** A list of `total` rows whose cursors are numbers of rows. */
const listOf =
  (total: number): ReadPage<Row> =>
  async ({ cursor, limit }) => {
    const from = Number(cursor ?? 0);
    const items = rowsFrom(from, Math.min(limit, total - from));
    const next = from + items.length;
    return { items, nextCursor: next < total ? String(next) : null };
  };

test('a list is read on to its end', async () => {
  const first = { items: rowsFrom(0, 50), nextCursor: '50' };
  const { rows, isPart } = await readOn([first], listOf(260), keyOf);
  expect(rows).toEqual(rowsFrom(0, 260));
  expect(isPart).toBe(false);
});

test('a list that is loaded to its end is not read again', async () => {
  const unread: ReadPage<Row> = () => Promise.reject(new Error('read'));
  const whole = { items: rowsFrom(0, 3), nextCursor: null };
  expect(await readOn([whole], unread, keyOf)).toEqual({ rows: rowsFrom(0, 3), isPart: false });
});

test('a row that moves to a later page is there once, as it was read last', async () => {
  const first = { items: rowsFrom(0, 2), nextCursor: '2' };
  const readPage: ReadPage<Row> = () =>
    Promise.resolve({
      items: [
        { id: 2, price: 100 },
        { id: 0, price: 900 },
      ],
      nextCursor: null,
    });
  const { rows } = await readOn([first], readPage, keyOf);
  expect(rows).toEqual([
    { id: 0, price: 900 },
    { id: 1, price: 100 },
    { id: 2, price: 100 },
  ]);
});

test('a longer list ends at the limit and says that it is a part', async () => {
  const first = { items: rowsFrom(0, 50), nextCursor: '50' };
  const { rows, isPart } = await readOn([first], listOf(ROWS_MAX + 1), keyOf);
  expect(rows).toEqual(rowsFrom(0, ROWS_MAX));
  expect(isPart).toBe(true);
  expect((await readOn([first], listOf(ROWS_MAX), keyOf)).isPart).toBe(false);
});

test('a page that cannot be read fails the whole', async () => {
  const first = { items: rowsFrom(0, 50), nextCursor: '50' };
  const readPage: ReadPage<Row> = (page) =>
    page.cursor === '50' ? listOf(300)(page) : Promise.reject(new Error('lost'));
  await expect(readOn([first], readPage, keyOf)).rejects.toThrow('lost');
});
