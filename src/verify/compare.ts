import type { Violation } from './findings.ts';
import type { ExpectedStock, ExpectedWallet } from './ledger.ts';
import type { ReadStockRow, ReadWalletsRow } from './queries.gen.ts';

/** Wallets that differ from the sum of all acknowledged answers. */
export const judgeWallets = (
  expected: ReadonlyMap<string, ExpectedWallet>,
  rows: readonly ReadWalletsRow[],
): Violation[] => {
  const found = new Map(rows.map((row) => [row.userId, row]));
  const users = new Set([...expected.keys(), ...found.keys()]);
  return [...users].flatMap((userId) => {
    const { balance = 0, entries = 0 } = expected.get(userId) ?? {};
    const row = found.get(userId);
    if (row?.balance === balance && row.entryCount === entries) return [];
    const seen =
      row === undefined ? 'no such wallet' : `balance ${row.balance}, ${row.entryCount} entries`;
    return [
      {
        check: 'ledger' as const,
        subject: `wallet ${userId}`,
        expected: `balance ${balance}, ${entries} entries, as acknowledged`,
        found: seen,
      },
    ];
  });
};

/** Products whose units differ from what the acknowledged answers leave. */
export const judgeStock = (
  expected: ReadonlyMap<string, ExpectedStock>,
  rows: readonly ReadStockRow[],
): Violation[] => {
  const found = new Map(rows.map((row) => [row.productId, row]));
  return [...expected].flatMap(([productId, { onHand, reserved }]) => {
    const row = found.get(productId);
    if (row?.onHand === onHand && row.reserved === reserved) return [];
    const seen =
      row === undefined ? 'no such product' : `on hand ${row.onHand}, reserved ${row.reserved}`;
    return [
      {
        check: 'stock' as const,
        subject: `product ${productId}`,
        expected: `on hand ${onHand}, reserved ${reserved}, as acknowledged`,
        found: seen,
      },
    ];
  });
};
