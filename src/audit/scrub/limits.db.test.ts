import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startTestAuditor, type TestAuditor } from '../../../test/support/auditor.ts';
import {
  openDeliveryShop,
  untilAllRead,
  type DeliveryShop,
} from '../../../test/support/delivery-shop.ts';
import { queryColumn, runSql } from '../../../test/support/queries.ts';
import { waitUntil } from '../../../test/support/wait.ts';

/** Before and after the user of the shop, whose id is a UUID of version 7. */
const [FIRST, LAST] = ['0-first', 'z-last'];

type Violations = Awaited<ReturnType<TestAuditor['prove']>>;

const shortOf = (violations: Violations): string[] =>
  violations.map(({ part, subject }) => `${part} ${subject}`).toSorted();

const completedAt = async ({ url }: DeliveryShop, part: string): Promise<string | undefined> =>
  (await queryColumn(url, 'select completed_at from audit.scrubs where part = $1', [part]))[0];

/** Runs rounds until the scrub has visited a whole part; returns the open violations. */
const visit = async (shop: DeliveryShop, { prove }: TestAuditor, part: string) => {
  let violations: Violations = [];
  // A pass that has begun before may end first.
  for (let passes = 0; passes < 2; passes++) {
    const before = await completedAt(shop, part);
    await waitUntil(async () => {
      violations = await prove();
      return (await completedAt(shop, part)) !== before;
    }, `a pass of ${part}`);
  }
  return shortOf(violations);
};

test('a wallet with too many transfers is left out, and those around it are compared', async () => {
  const shop = await openDeliveryShop();
  await shop.buy(3);
  const [large] = await queryColumn(shop.url, 'select user_id from wallet.wallets');
  for (const userId of [FIRST, LAST]) {
    await shop.ask('putUser', { params: { userId }, body: {} });
    await shop.ask('chargeWallet', { params: { userId }, body: { amount: 10 } });
  }
  const harm = (by: number) =>
    runSql(shop.url, `update wallet.transfers set amount = amount + ${by} where number = 1`);
  const part = 'wallet.transfers';
  const [small, all] = [
    [`${part} ${FIRST}`, `${part} ${LAST}`],
    [`${part} ${FIRST}`, `${part} ${large}`, `${part} ${LAST}`],
  ];

  // The large wallet has a charge and three payments.
  const bounded = startTestAuditor(shop.url, { countMax: 3 });
  expect(await visit(shop, bounded, part)).toEqual([]);
  await harm(1);
  expect(await visit(shop, bounded, part)).toEqual(small);
  await bounded.stop();

  const exact = startTestAuditor(shop.url, { countMax: 4 });
  expect(await visit(shop, exact, part)).toEqual(all);
  await exact.stop();

  // What is left out is not known to be repaired.
  await harm(-1);
  expect(await visit(shop, startTestAuditor(shop.url, { countMax: 3 }), part)).toEqual([
    `${part} ${large}`,
  ]);
});

test('quarters and days with too much to count are left out, and the rest is proven', async () => {
  const shop = await openDeliveryShop();
  const [productId] = await queryColumn(shop.url, 'select product_id from catalog.products');
  await shop.buy(1);
  await untilAllRead(shop);
  await runSql(shop.url, 'update report.totals set gross = gross + 1');
  await runSql(shop.url, 'update bestseller.days set revenue = revenue + 1');
  const [quarter] = await queryColumn(
    shop.url,
    `select to_char(quarter, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from report.totals`,
  );

  const bounded = startTestAuditor(shop.url, { countMax: 0 });
  expect(shortOf(await bounded.prove())).toEqual([]);
  expect(await completedAt(shop, 'report.totals')).not.toBe('null');
  expect(await completedAt(shop, 'bestseller.days')).not.toBe('null');
  await bounded.stop();

  const whole = startTestAuditor(shop.url);
  const both = [`bestseller.days ${productId}`, `report.totals ${quarter}`];
  expect(shortOf(await whole.prove())).toEqual(both);
  await whole.stop();

  expect(shortOf(await startTestAuditor(shop.url, { countMax: 0 }).prove())).toEqual(both);
});

test('the database cancels a statement of a round that takes too long', async () => {
  const shop = await openDeliveryShop();
  const client = new Client({ connectionString: shop.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin; lock table wallet.wallets in access exclusive mode');
  const auditor = startTestAuditor(shop.url, { queryMaxMs: 500 });
  await expect(auditor.prove()).rejects.toThrow('canceling statement due to statement timeout');
});

test('events of a long time without a round are not counted', async () => {
  const shop = await openDeliveryShop();
  await shop.buy(1);
  await untilAllRead(shop);
  // A round that goes on meanwhile would set the position again.
  const proveFrom = async (position?: number): Promise<string[]> => {
    if (position !== undefined) {
      await runSql(shop.url, `update audit.subscribers set position = ${position}`);
    }
    const auditor = startTestAuditor(shop.url);
    const violations = await auditor.prove();
    await auditor.stop();
    return shortOf(violations);
  };
  expect(await proveFrom()).toEqual([]);
  expect(await proveFrom(-10_000_000)).toEqual([]);
  expect(await proveFrom(-9_000_000)).toContain('journal.cursors cursor sales-report');
});
