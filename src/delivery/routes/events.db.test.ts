import { expect, test } from 'vitest';
import { openDeliveryShop, type DeliveryShop } from '../../../test/support/delivery-shop.ts';
import { openTransactionElsewhere } from '../../../test/support/open-transaction.ts';
import { queryColumn } from '../../../test/support/queries.ts';
import { startReceiver, type ReceivedEvent } from '../../../test/support/receiver.ts';
import { waitUntil } from '../../../test/support/wait.ts';

interface Page {
  readonly items: readonly ReceivedEvent[];
  readonly nextCursor: string | null;
  readonly lastSequence: string;
}

const list = async (shop: DeliveryShop, query: object = {}) =>
  (await shop.ask('listEvents', { query: { ...query } })) as unknown as Page;

/** Reads from a sequence to the end, by `after` alone. */
const pull = async (shop: DeliveryShop, after: string, query: object = {}) => {
  const items: ReceivedEvent[] = [];
  for (let last = after; ;) {
    const page = await list(shop, { limit: 7, ...query, after: last });
    items.push(...page.items);
    last = page.lastSequence;
    if (page.nextCursor === null) return { items, last };
  }
};

/** The sequence of the last event: a list ends where an earlier event could still be committed. */
const endOf = async (shop: DeliveryShop): Promise<string> => {
  const [position] = await queryColumn(shop.url, 'select max(position) from journal.events');
  const end = String(position).padStart(19, '0');
  await waitUntil(async () => (await pull(shop, '0')).last >= end, 'the end of the journal');
  return end;
};

test('the list has the same events as a webhook, after a sequence and by type and subject', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  await shop.addWebhook(receiver.url);
  const begin = await endOf(shop);
  const orders = await shop.buy(20);
  await shop.ask('createProduct', { body: { name: 'Cup', price: 1, stock: 1 } });
  await waitUntil(() => receiver.taken.length === 21, 'all events');
  await endOf(shop);

  const { items, last } = await pull(shop, begin);
  expect(items).toEqual(receiver.taken);
  expect(await list(shop, { after: last })).toMatchObject({ items: [], nextCursor: null });
  const paid = await pull(shop, '0', { type: 'moa.order.paid.v1' });
  expect(paid.items.map(({ subject }) => subject)).toEqual(orders);
  const of = await pull(shop, '0', { subject: orders[3] });
  expect(of.items).toEqual(items.filter(({ subject }) => subject === orders[3]));
});

test('a cursor continues a page with its filters, and wins over `after`', async () => {
  const shop = await openDeliveryShop();
  const orders = await shop.buy(5);
  await endOf(shop);
  const query = { type: 'moa.order.paid.v1', limit: 2, after: '0' };
  const seen: string[] = [];
  for (let page = await list(shop, query); ;) {
    seen.push(...page.items.map(({ subject }) => subject));
    const { nextCursor: cursor } = page;
    if (cursor === null) break;
    page = await list(shop, { ...query, cursor });
  }
  expect(seen).toEqual(orders);
});

test('events that only the shop itself uses are not listed', async () => {
  const shop = await openDeliveryShop();
  const [productId] = await queryColumn(shop.url, 'select product_id from catalog.products');
  const [userId] = await queryColumn(shop.url, 'select user_id from wallet.wallets limit 1');
  const body = { productId, quantity: 1 };
  await shop.ask('addCartItem', { params: { userId }, body });
  await endOf(shop);
  const types = (await pull(shop, '0')).items.map(({ type }) => type);
  expect(new Set(types)).toEqual(new Set(['moa.wallet.charged.v1', 'moa.product.created.v1']));
});

test('no event is skipped by a reader that pages while events are committed', async () => {
  const shop = await openDeliveryShop();
  let last = '0';
  const seen: string[] = [];
  const pullOnce = async (): Promise<void> => {
    const page = await list(shop, { after: last, limit: 3 });
    seen.push(...page.items.map(({ id }) => id));
    last = page.lastSequence;
  };
  const isAll = async (): Promise<boolean> => {
    await pullOnce();
    return seen.length >= 122;
  };
  const buying = Array.from({ length: 8 }, () => shop.buy(15));
  await Promise.all([...buying, waitUntil(isAll, 'the charge, the product and 120 orders')]);
  const recorded = await queryColumn(
    shop.url,
    `select event_id from journal.events where type <> 'wallet.opened.v1' order by position`,
  );
  expect(seen).toEqual(recorded);
});

test('events that an open transaction may precede are listed after its end', async () => {
  const shop = await openDeliveryShop();
  const last = await endOf(shop);
  const endTransaction = await openTransactionElsewhere();
  await shop.buy(3);
  expect((await list(shop, { after: last })).lastSequence).toBe(last);
  await endTransaction();
  await waitUntil(async () => (await pull(shop, last)).items.length === 3, 'three orders');
});

test('a sequence beyond the end lists nothing and does not go back', async () => {
  const shop = await openDeliveryShop();
  const after = '9'.repeat(16);
  const page = await list(shop, { after });
  expect(page).toMatchObject({ items: [], nextCursor: null });
  expect(page.lastSequence >= String(Number.MAX_SAFE_INTEGER).padStart(19, '0')).toBe(true);
});
