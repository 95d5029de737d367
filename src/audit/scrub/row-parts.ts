import type { Queryable } from '../../database/statement.ts';
import { LOGS, type TableName } from '../../shop/index.ts';
import { compareRows, type Violation } from '../difference.ts';
import { ORDERS, foldOrders, revive, type KeptRow } from '../kept.ts';
import { STORED, type Stored } from '../stored.ts';
import { addDigests, type TransferSum } from '../transfer-digest.ts';
import {
  sliceBuyers,
  sliceCarts,
  sliceDescriptions,
  sliceKept,
  sliceKeptOrders,
  sliceOrders,
  sliceProducts,
  sliceSkus,
  sliceTransferOwners,
  sliceWallets,
  sumTransfers,
} from './queries.gen.ts';
import type { Part, Scene } from './slice.ts';

const TEXT_START = '';
const UUID_START = '00000000-0000-0000-0000-000000000000';

type Range = { readonly after: string; readonly upTo: string | null };

/** What the journal gives for the keys of a range. */
type FindGiven = (scene: Scene, range: Range) => Promise<Map<string, KeptRow>>;

const isIn = ({ after, upTo }: Range, key: string): boolean =>
  key > after && (upTo === null || key <= upTo);

/** Kept rows with the changes of the events that are folded but not stored yet. */
const withChanges = (
  { changed }: Scene,
  name: string,
  range: Range,
  kept: Map<string, KeptRow>,
): Map<string, KeptRow> => {
  for (const [key, row] of changed.get(name) ?? []) if (isIn(range, key)) kept.set(key, row);
  return kept;
};

const keptIn =
  (tableName: string): FindGiven =>
  async (scene, range) => {
    const rows = await sliceKept(scene.db, { tableName, ...range });
    const kept = new Map(
      rows.map(({ key, row, position }) => [key, { row: revive(row), position }] as const),
    );
    return withChanges(scene, tableName, range, kept);
  };

const ordersIn: FindGiven = async (scene, range) =>
  withChanges(
    scene,
    ORDERS,
    range,
    await foldOrders(scene.db, await sliceKeptOrders(scene.db, range)),
  );

type Read = (
  db: Queryable,
  page: { readonly after: string; readonly limit: number },
) => Promise<readonly object[]>;

/** A table: the stored rows of a range and the given rows of the same range are compared. */
const tablePart = (stored: Stored, read: Read, given: FindGiven = keptIn(stored.name)): Part => {
  const { table, name, isKeyedByUuid, keyOf } = stored;
  return {
    name,
    start: isKeyedByUuid ? UUID_START : TEXT_START,
    sizedBy: { table: name },
    check: async (scene, after, limit) => {
      const rows = await read(scene.db, { after, limit });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      const upTo = last === undefined ? undefined : keyOf(last);
      const expected = await given(scene, { after, upTo: upTo ?? null });
      const byKey = new Map(rows.map((row) => [keyOf(row), row]));
      const violations: Violation[] = [];
      for (const key of new Set([...byKey.keys(), ...expected.keys()])) {
        const { row, position = null } = expected.get(key) ?? { row: undefined };
        const violation = compareRows(table, key, row, byKey.get(key), position);
        if (violation !== undefined) violations.push(violation);
      }
      return { upTo, visited: rows.length, violations };
    },
  };
};

const TRANSFERS = LOGS.transfers.name;
/** Wallets per slice, each with all of its transfers. */
const OWNERS_PER_ROW = 0.1;

/**
 * The place after a wallet's violations, which may be of single transfers. Ids of users sort around
 * it, because they have no space.
 */
const placeAfter = (userId: string): string => `${userId} ~`;

/** The transfers of some wallets: their number and the sum of their digests. */
const transferPart: Part = {
  name: TRANSFERS,
  start: TEXT_START,
  sizedBy: { table: TRANSFERS },
  check: async (scene, after, rows, countMax) => {
    const { db } = scene;
    const limit = Math.ceil(rows * OWNERS_PER_ROW);
    const found = await sliceTransferOwners(db, { after, limit, countMax });
    const owners = found.filter(({ total }) => total <= countMax).map(({ userId }) => userId);
    // The slice ends before a wallet with which it would be too large.
    const beyond = found[owners.length]?.userId;
    const last = beyond ?? (owners.length === limit ? owners.at(-1) : undefined);
    const given = await keptIn(TRANSFERS)(scene, { after, upTo: last ?? null });
    if (beyond !== undefined) given.delete(beyond);
    const keys = [...new Set([...given.keys(), ...owners])].toSorted();
    if (beyond !== undefined && keys.length === 0) {
      return { upTo: placeAfter(beyond), visited: 0, violations: undefined };
    }
    const sums = await sumTransfers(db, { userIds: owners });
    const stored = new Map(
      sums.map(({ userId, count, sum, firstWrong }) => {
        const row: TransferSum = { userId, count, sum: addDigests(sum, '0') };
        return [userId, firstWrong === null ? row : { ...row, firstWrong }];
      }),
    );
    const violations = keys.flatMap((userId) => {
      const { row, position = null } = given.get(userId) ?? { row: undefined };
      return compareRows('transfers', userId, row, stored.get(userId), position) ?? [];
    });
    const visited = sums.reduce((total, { count }) => total + count, 0);
    return {
      upTo: last === undefined ? undefined : placeAfter(keys.at(-1)!),
      visited,
      violations,
    };
  },
};

/** How each table is visited; the compiler rejects a missing table. */
const PARTS: { readonly [Name in TableName]: Part } = {
  wallets: tablePart(STORED.wallets, sliceWallets),
  products: tablePart(STORED.products, sliceProducts),
  descriptions: tablePart(STORED.descriptions, sliceDescriptions),
  skus: tablePart(STORED.skus, sliceSkus),
  buyers: tablePart(STORED.buyers, sliceBuyers),
  carts: tablePart(STORED.carts, sliceCarts),
  orders: tablePart(STORED.orders, sliceOrders, ordersIn),
  transfers: transferPart,
};

/** Every table that events change. */
export const ROW_PARTS: readonly Part[] = Object.values(PARTS);
