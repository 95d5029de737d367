import { withSnapshot } from '../audit/snapshot.ts';
import type { Findings, Violation } from './findings.ts';
import type { AcknowledgedOrder, Ledger } from './ledger.ts';
import {
  readNewTransfers,
  readOrders,
  readWallets,
  type ReadOrdersRow,
  type ReadWalletsRow,
} from './queries.gen.ts';

/** The states that an order may have once a state was acknowledged. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  pending: ['pending', 'paid', 'cancelled', 'refunded'],
  paid: ['paid', 'refunded'],
  refunded: ['refunded'],
  cancelled: ['cancelled'],
};

/**
 * The bank check on one snapshot: the balance of each wallet and its share of the platform's
 * accounts sum to zero, and so does the whole.
 */
export const judgeBank = (wallets: readonly ReadWalletsRow[]): Violation[] => {
  const check = 'bank';
  const violations: Violation[] = [];
  let total = 0;
  for (const { userId, balance, entryCount, entries, funding, sales } of wallets) {
    total += balance + funding + sales;
    const subject = `wallet ${userId}`;
    const expected = -(funding + sales);
    if (balance !== expected) {
      const found = `balance ${balance}`;
      violations.push({ check, subject, expected: `balance ${expected}, by its entries`, found });
    } else if (balance < 0) {
      violations.push({ check, subject, expected: '0 or more', found: `balance ${balance}` });
    } else if (entryCount !== entries) {
      const found = `${entries} entries`;
      violations.push({ check, subject, expected: `${entryCount} entries`, found });
    }
  }
  if (total !== 0) {
    const subject = 'all wallets, funding and sales';
    violations.push({ check, subject, expected: 'a sum of 0', found: `a sum of ${total}` });
  }
  return violations;
};

/** Orders that were acknowledged before a snapshot and are not in it as acknowledged. */
export const judgeOrders = (
  acknowledged: readonly AcknowledgedOrder[],
  rows: readonly ReadOrdersRow[],
): Violation[] => {
  const found = new Map(rows.map((row) => [row.orderId, row]));
  return acknowledged.flatMap(({ orderId, userId, status, total, key }) => {
    const row = found.get(orderId);
    const isThere =
      row !== undefined &&
      row.userId === userId &&
      row.total === total &&
      LATER[status]?.includes(row.status) === true;
    if (isThere) return [];
    const seen =
      row === undefined ? 'no such order' : `${row.status} of ${row.userId}, total ${row.total}`;
    const expected = `${status} of ${userId}, total ${total}, as acknowledged`;
    return [
      { check: 'ledger' as const, subject: `order ${orderId}`, expected, found: seen, keys: [key] },
    ];
  });
};

/** What was acknowledged before a snapshot and has no row in it. */
const judgeUnseen = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Violation[] =>
  [...before]
    .filter(([description]) => after.has(description))
    .map(([subject, key]) => ({
      check: 'ledger',
      subject,
      expected: 'an entry of the wallet, as acknowledged',
      found: 'no such entry',
      keys: [key],
    }));

/** Compares snapshots of the database with themselves and with the client's ledger. */
export const createSnapshots = (databaseUrl: string, ledger: Ledger, findings: Findings) => {
  const lastNumbers = new Map<string, number>();

  return {
    /** Reads and judges one snapshot; what was acknowledged before it must be in it. */
    take: async (): Promise<void> => {
      const acknowledged = ledger.takeOrders();
      const unseen = ledger.unseen();
      const { wallets, transfers, orders } = await withSnapshot(databaseUrl, async (db) => {
        const all = await readWallets(db);
        const userIds = all.map(({ userId }) => userId);
        const numbers = userIds.map((userId) => lastNumbers.get(userId) ?? 0);
        return {
          wallets: all,
          transfers: await readNewTransfers(db, { userIds, numbers }),
          orders: await readOrders(db, { orderIds: acknowledged.map(({ orderId }) => orderId) }),
        };
      });
      for (const { userId, number } of transfers) lastNumbers.set(userId, number);
      ledger.see(transfers);
      findings.made('bank');
      findings.made('ledger', acknowledged.length + unseen.size);
      const violations = [
        ...judgeBank(wallets),
        ...judgeOrders(acknowledged, orders),
        ...judgeUnseen(unseen, ledger.unseen()),
      ];
      for (const violation of violations) findings.violate(violation);
    },
  };
};

export type Snapshots = ReturnType<typeof createSnapshots>;
