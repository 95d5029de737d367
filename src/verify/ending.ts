import { setTimeout as delay } from 'node:timers/promises';
import { checkInvariants } from '../audit/audit.ts';
import { withSharedSnapshot, withSnapshot } from '../audit/snapshot.ts';
import type { Calls } from './calls.ts';
import { judgeStock, judgeWallets } from './compare.ts';
import { withClient } from './database.ts';
import { VerifyFault } from './fault.ts';
import type { Findings, Violation } from './findings.ts';
import type { Ledger } from './ledger.ts';
import type { Processes } from './processes.ts';
import { countOrders, countServiceConnections, readStock, readWallets } from './queries.gen.ts';
import type { Snapshots } from './snapshots.ts';
import { judgeAnswers } from './storm.ts';

export interface EndingOptions {
  readonly databaseUrl: string;
  readonly processes: Processes;
  readonly calls: Calls;
  readonly ledger: Ledger;
  readonly snapshots: Snapshots;
  readonly findings: Findings;
  readonly signal: AbortSignal;
}

/** A statement of a killed process waits for its locks no longer. */
const QUIET_MAX_MS = 60_000;
const LOOK_EVERY_MS = 100;
const AT_ONCE = 16;

/** Waits until PostgreSQL has ended every connection of the service, with what was sent on it. */
const awaitQuiet = (databaseUrl: string, signal: AbortSignal): Promise<void> =>
  withClient(databaseUrl, async (client) => {
    for (const started = performance.now(); ; await delay(LOOK_EVERY_MS)) {
      signal.throwIfAborted();
      if ((await countServiceConnections(client))?.connections === 0) return;
      if (performance.now() - started > QUIET_MAX_MS) {
        throw new VerifyFault('connections of ended service processes stay open for a minute');
      }
    }
  });

/**
 * Decides what is undecided: calls that were refused while an earlier attempt had no answer. No
 * attempt is under way any more, so the answer is final. Then sends answered calls again to a
 * process that has never seen them.
 */
const sendAgain = async ({ calls, findings }: EndingOptions): Promise<void> => {
  const undecided = calls.takeUndecided().values();
  const kept = calls.kept().values();
  const decide = async (): Promise<void> => {
    for (const call of undecided) await calls.settle(call);
  };
  const compare = async (): Promise<void> => {
    for (const { call, text } of kept) {
      const again = await calls.send(call);
      if (again === undefined || again.status === 503) continue;
      const first = { status: 201, text, replayed: true };
      judgeAnswers(call, [first, again], findings);
      if (again.replayed) continue;
      const { key, operation } = call;
      findings.violate({
        check: 'keys',
        subject: `${operation} ${key}`,
        expected: `the answer again: ${text}`,
        found: `${again.status} ${again.text}`,
        keys: [key],
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, decide));
  await Promise.all(Array.from({ length: AT_ONCE }, compare));
};

/** Compares the tables at rest with the client's ledger, exactly and both ways. */
const compareAtRest = async (options: EndingOptions): Promise<void> => {
  const { databaseUrl, ledger, findings, snapshots } = options;
  await snapshots.take();
  const { wallets, stock, orders } = await withSnapshot(databaseUrl, async (db) => ({
    wallets: await readWallets(db),
    stock: await readStock(db),
    orders: (await countOrders(db))?.orders ?? 0,
  }));
  const expectedOrders = ledger.orders();
  const violations: Violation[] = [
    ...ledger.unanswered().map((subject) => ({
      check: 'ledger' as const,
      subject,
      expected: 'an acknowledged answer for this entry',
      found: 'none',
    })),
    ...judgeWallets(ledger.wallets(), wallets),
    ...judgeStock(ledger.products(), stock),
  ];
  if (orders !== expectedOrders) {
    const [expected, found] = [`${expectedOrders} orders, as acknowledged`, `${orders} orders`];
    violations.push({ check: 'ledger', subject: 'all orders', expected, found });
  }
  findings.made('stock', stock.length);
  findings.made('ledger', wallets.length + 1);
  for (const violation of violations) findings.violate(violation);
};

const auditAll = async ({ databaseUrl, findings }: EndingOptions): Promise<void> => {
  await withSharedSnapshot(databaseUrl, async (first, second) => {
    const audited = await checkInvariants(first, undefined, { second });
    findings.made('invariants', audited.length);
    for (const { invariant, rule, violations } of audited) {
      for (const found of violations) {
        const subject = `${invariant}: ${found}`;
        findings.violate({ check: 'invariants', subject, expected: rule, found: 'broken' });
      }
    }
  });
};

/**
 * The end of a run: drains every process, decides what is undecided at a fresh process, drains it,
 * and then judges the tables at rest.
 */
export const judgeAtRest = async (options: EndingOptions): Promise<void> => {
  const { databaseUrl, processes, signal } = options;
  await processes.stopAll('SIGTERM');
  await awaitQuiet(databaseUrl, signal);
  await processes.start(1);
  await sendAgain(options);
  await processes.stopAll('SIGTERM');
  await awaitQuiet(databaseUrl, signal);
  await compareAtRest(options);
  await auditAll(options);
};
