import type { Violation } from './findings.ts';
import { CUSTOMERS } from './shop.ts';
import type { Round } from './workload.ts';

interface Entry {
  readonly amount: number;
  readonly balanceAfter: number;
  readonly reference: string;
}

/** The largest page; far more than what happens to a wallet between two reads. */
const PAGE = 100;

/**
 * Violations of a wallet that one process answered and of its newest entries that another answered
 * later: each entry leads from one balance to the next, the balance is among them, and so is the
 * movement that was acknowledged before the reads.
 */
export const judgeEntries = (
  userId: string,
  balance: number,
  entries: readonly Entry[],
  acknowledged: string | undefined,
): Violation[] => {
  const subject = `wallet ${userId}`;
  const violations: Violation[] = [];
  const violate = (expected: string, found: string): void => {
    violations.push({ check: 'entries', subject, expected, found });
  };
  for (const [index, { amount, balanceAfter, reference }] of entries.entries()) {
    const older = entries[index + 1];
    // The page ends here, unless the entry is the wallet's first.
    if (older === undefined && entries.length === PAGE) break;
    const before = older?.balanceAfter ?? 0;
    if (before + amount !== balanceAfter) {
      violate(
        `${before} ${amount < 0 ? '-' : '+'} ${Math.abs(amount)} after ${reference}`,
        `${balanceAfter}`,
      );
    }
  }
  if (entries.length > 0 && !entries.some(({ balanceAfter }) => balanceAfter === balance)) {
    violate(`a balance after one of the last ${entries.length} entries`, `balance ${balance}`);
  }
  if (acknowledged !== undefined && !entries.some(({ reference }) => reference === acknowledged)) {
    violate(`the entry of ${acknowledged}, acknowledged before`, 'no such entry');
  }
  return violations;
};

/** Reads a wallet from one process and its entries from any other, during the load. */
export const readWallet: Round = async ({ calls, ledger, findings }, draws) => {
  const userId = draws.pick(CUSTOMERS);
  const acknowledged = ledger.latestOf(userId);
  const path = `/v1/users/${userId}/wallet`;
  const wallet = await calls.read<{ balance: number }>(path);
  if (wallet === undefined) return;
  const page = await calls.read<{ items: Entry[] }>(`${path}/entries?limit=${PAGE}`);
  if (page === undefined) return;
  findings.made('entries');
  const violations = judgeEntries(userId, wallet.balance, page.items, acknowledged);
  for (const violation of violations) findings.violate(violation);
};
