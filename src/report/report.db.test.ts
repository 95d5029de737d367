import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { sampleSeeded } from '../../test/support/seed.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { startSystem } from '../system.ts';

const HOUR_MS = 3_600_000;
const ZONES = ['Asia/Seoul', 'America/New_York', 'Europe/London', 'Asia/Kathmandu', 'UTC'];
const FROM = '2026-10-30';
const TO = '2026-11-04';

interface Figures {
  orderCount: number;
  unitsSold: number;
  grossRevenue: number;
  refundedUnits: number;
  refundedAmount: number;
  netRevenue: number;
}
type Item = Figures & {
  readonly day?: string;
  readonly productId?: string;
  readonly name?: string;
};
interface Report {
  readonly total: Figures;
  readonly items: readonly Item[];
}

const nothing = (): Figures => ({
  orderCount: 0,
  unitsSold: 0,
  grossRevenue: 0,
  refundedUnits: 0,
  refundedAmount: 0,
  netRevenue: 0,
});

/** A shop whose time is set by the test, with three products and rich users. */
const startShop = async () => {
  const url = await createTestDatabase();
  const time = { ms: Date.parse('2026-10-29T00:00:00Z') };
  const system = startSystem(url, TEST_SETTINGS, { timeOf: () => new Date(time.ms) });
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const products: string[] = [];
  for (const [index, name] of ['Tea', 'Cake', 'Mug'].entries()) {
    const body = { name, price: 100 * (index + 1), stock: 10_000 };
    products.push(String(bodyOf(await call('createProduct', { body }))['productId']));
  }
  for (const userId of ['alice', 'bob']) {
    await call('putUser', { params: { userId } });
    await call('chargeWallet', { params: { userId }, body: { amount: 2_000_000 } });
  }
  const report = async (query: object): Promise<Report> =>
    bodyOf(await call('getSalesReport', { query: { from: FROM, to: TO, ...query } })) as never;
  return { url, time, system, call, products, report };
};

/** Instants beside the boundaries of days in the zones, and within the days. */
const instant = fc
  .tuple(
    fc.integer({ min: -30, max: 6 * 24 * 4 }),
    fc.constantFrom(-1, 0, 1, 0, 400_000, HOUR_MS / 4 - 1),
  )
  .map(
    ([quarters, besideMs]) => Date.parse(`${FROM}T00:00Z`) + (quarters * HOUR_MS) / 4 + besideMs,
  );

const step = fc.record({
  at: instant,
  kind: fc.constantFrom('checkout', 'checkout', 'place', 'refund', 'refund'),
  user: fc.constantFrom('alice', 'bob'),
  lines: fc.uniqueArray(
    fc.record({ product: fc.nat({ max: 2 }), quantity: fc.integer({ min: 1, max: 3 }) }),
    { minLength: 1, maxLength: 3, selector: ({ product }) => product },
  ),
  pick: fc.nat({ max: 1_000 }),
});

interface Stored {
  readonly type: string;
  readonly time: Date;
  readonly data: {
    readonly items: readonly {
      readonly productId: string;
      readonly quantity: number;
      readonly lineTotal?: number;
      readonly amount?: number;
    }[];
  };
}

/** Adds an event's items, all or those of one product. */
const count = (sums: Figures, { type, data }: Stored, productId?: string): void => {
  const items = data.items.filter(
    (item) => productId === undefined || item.productId === productId,
  );
  if (items.length === 0) return;
  const isSale = type === 'order.paid.v1';
  if (isSale) sums.orderCount += 1;
  for (const { quantity, lineTotal = 0, amount = 0 } of items) {
    sums[isSale ? 'unitsSold' : 'refundedUnits'] += quantity;
    sums[isSale ? 'grossRevenue' : 'refundedAmount'] += lineTotal + amount;
  }
  sums.netRevenue = sums.grossRevenue - sums.refundedAmount;
};

const DATES = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'];

test('after a storm of orders and refunds, reports equal a fold over the journal', async () => {
  const { url, time, system, call, products, report } = await startShop();
  const steps = sampleSeeded('reports', step, 150);
  const bought: { orderId: unknown; productId: string }[] = [];
  for (let begin = 0; begin < steps.length; begin += 5) {
    const batch = steps.slice(begin, begin + 5);
    time.ms = batch[0]!.at;
    await Promise.all(
      batch.map(async ({ kind, user: userId, lines, pick }) => {
        const items = lines.map(({ product, quantity }) => ({
          productId: products[product]!,
          quantity,
        }));
        const { orderId, productId } = bought[pick % Math.max(1, bought.length)] ?? {};
        if (kind === 'refund') {
          if (orderId === undefined) return;
          const body = pick % 3 === 0 ? {} : { items: [{ productId, quantity: 1 }] };
          await call('refundOrder', { params: { orderId }, body });
          return;
        }
        const operation = kind === 'place' ? 'placeOrder' : 'checkout';
        const order = bodyOf(await call(operation, { body: { userId, items } }));
        const params = { orderId: order['orderId'] };
        if (kind === 'place') await call('payOrder', { params });
        bought.push({ ...params, productId: items[0]!.productId });
      }),
    );
  }

  const { rows } = await system.reads.query<Stored>(
    `select type, time, data from journal.events
     where type in ('order.paid.v1', 'order.refunded.v1')`,
  );
  expect(rows.filter(({ type }) => type === 'order.refunded.v1').length).toBeGreaterThan(10);
  for (const timeZone of ZONES) {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
    const dayOf = (event: Stored): string => format.format(event.time);
    const inside = rows.filter((event) => DATES.includes(dayOf(event)));
    expect(inside.length).toBeLessThan(rows.length);

    const total = nothing();
    const days = new Map(DATES.map((day) => [day, nothing()]));
    for (const event of inside) {
      count(total, event);
      count(days.get(dayOf(event))!, event);
    }
    const byDay = await report({ by: 'day', timeZone });
    expect(byDay.items).toEqual(DATES.map((day) => ({ day, ...days.get(day) })));
    expect(byDay.total).toEqual(total);

    const byProduct = await report({ by: 'product', timeZone });
    const expected = products.map((productId) => {
      const sums = nothing();
      for (const event of inside) count(sums, event, productId);
      return { productId, ...sums };
    });
    const shown = byProduct.items.map(({ name: _, ...item }) => item);
    expect(new Set(shown)).toEqual(new Set(expected));
    expect(shown).toEqual(shown.toSorted((a, b) => b.grossRevenue - a.grossRevenue));
    expect(byProduct.total).toEqual(total);
  }
  await assertInvariants(url);
});

test('an order of three in the morning in Korea belongs to its Korean day', async () => {
  const { time, call, products, report } = await startShop();
  time.ms = Date.parse('2026-11-02T03:00:00+09:00');
  const items = [{ productId: products[0], quantity: 2 }];
  const { orderId } = bodyOf(await call('checkout', { body: { userId: 'alice', items } }));
  time.ms = Date.parse('2026-11-03T00:00:00+09:00');
  await call('refundOrder', { params: { orderId } });

  const korean = await report({ by: 'day' });
  const sale = { orderCount: 1, unitsSold: 2, grossRevenue: 200 };
  expect(korean.items).toEqual([
    { day: '2026-10-30', ...nothing() },
    { day: '2026-10-31', ...nothing() },
    { day: '2026-11-01', ...nothing() },
    { day: '2026-11-02', ...nothing(), ...sale, netRevenue: 200 },
    { day: '2026-11-03', ...nothing(), refundedUnits: 2, refundedAmount: 200, netRevenue: -200 },
  ]);
  const utc = await report({ by: 'day', timeZone: 'UTC' });
  expect(utc.items[2]).toMatchObject({ day: '2026-11-01', ...sale });
});

test('invalid days and zones are rejected with their place', async () => {
  const { call } = await startShop();
  const pointerFor = async (query: object): Promise<unknown> => {
    const valid = { from: FROM, to: TO, by: 'day' };
    const reply = await call('getSalesReport', { query: { ...valid, ...query } });
    return reply.kind === 'answer' ? 'answer' : reply.members;
  };
  const at = (pointer: string) => ({
    errors: [{ pointer, message: expect.any(String) as string }],
  });
  expect(await pointerFor({ to: FROM })).toEqual(at('/query/to'));
  expect(await pointerFor({ to: '2026-10-29' })).toEqual(at('/query/to'));
  expect(await pointerFor({ to: '2027-12-05' })).toEqual(at('/query/to'));
  expect(await pointerFor({ to: '2027-12-04' })).toBe('answer');
  for (const timeZone of ['Asia/Soul', 'KRW', '+09:00', 'Asia/Seoul\n', "UTC' or 1"]) {
    expect(await pointerFor({ timeZone })).toEqual(at('/query/timeZone'));
  }
});

test('figures beyond the safe integers are refused as JSON and exact as CSV', async () => {
  const { system, call, products } = await startShop();
  await system.reads.query({
    text: `insert into report.totals values ($1, 1, 1, 9007199254740993, 0, 0)`,
    values: ['2026-11-01T00:00:00Z'],
  });
  await system.reads.query({
    text: `insert into report.sales values ($1, $2, 1, 1, 9007199254740993, 0, 0)`,
    values: ['2026-11-01T00:00:00Z', products[0]],
  });
  const query = { from: FROM, to: TO, by: 'product' };
  expect(await call('getSalesReport', { query })).toMatchObject({ code: 'invalid_request' });
  expect(await call('getSalesReport', { query, mediaType: 'text/csv' })).toMatchObject({
    mediaType: 'text/csv',
    body:
      'productId,name,orderCount,unitsSold,grossRevenue,refundedUnits,refundedAmount,netRevenue\r\n' +
      `${products[0]},Tea,1,1,9007199254740993,0,0,9007199254740993\r\n`,
  });
});
