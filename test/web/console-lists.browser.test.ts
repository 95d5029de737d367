import { readFile } from 'node:fs/promises';
import { v7 } from 'uuid';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { PROBLEMS } from '../../src/contract/index.ts';
import { expectStatus, registerUsers } from '../support/api-calls.ts';
import { needsBrowser, visit } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, signInAs } from '../support/shopper.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const ORDERS = 60;
const SHOWN = 50;

test('a list is saved as CSV to its end or not at all, and stays as it is on the page', async () => {
  const { api, browser, url } = shop();
  const productId = await addProduct(shop(), { name: 'Ink', price: 10, stock: ORDERS });
  const [userId = ''] = await registerUsers(api, 1, 10 * ORDERS);
  const order = { userId, items: [{ productId, quantity: 1 }] };
  const orderIds: string[] = [];
  for (let count = 0; count < ORDERS; count += 1)
    orderIds.push(String(expectStatus(201, await api.post('/v1/checkout', order)).body['orderId']));

  const { context, page, expectedErrors } = await visit(browser, url, { locale: 'en-US' });
  await signInAs(shop(), context, 'operator');
  await page.goto(`/console/orders?user=${userId}`);
  const rows = page.getByRole('table', { name: 'Orders' }).locator('tbody tr');
  await page.getByText(`${SHOWN}+ shown`).waitFor();
  const save = page.getByRole('button', { name: 'Save as CSV' });
  const saved: string[] = [];
  page.on('download', (download) => saved.push(download.suggestedFilename()));

  expectedErrors.push(/400 \(Bad Request\)/);
  await page.route(
    '**/v1/orders?*cursor=*',
    (route) =>
      route.fulfill({
        status: 400,
        json: { code: 'invalid_request', ...PROBLEMS.invalid_request },
      }),
    { times: 1 },
  );
  await save.click();
  await page.getByRole('alert').waitFor();
  expect(saved).toEqual([]);

  const downloading = page.waitForEvent('download');
  await save.click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  const lines = text.split('\r\n').filter((line) => line !== '');
  expect(lines.length).toBe(ORDERS + 1);
  expect(orderIds.filter((id) => !text.includes(id))).toEqual([]);
  expect(saved).toEqual(['Orders.csv']);
  expect(await rows.count()).toBe(SHOWN);
  expect(await page.getByText(`${SHOWN}+ shown`).count()).toBe(1);
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('of a list without an end the first 10,000 rows are saved, and the file name says so', async () => {
  const { api, staff, browser, url } = shop();
  const productId = await addProduct(shop(), { name: 'Nib', price: 10, stock: 1 });
  const [userId = ''] = await registerUsers(api, 1, 10);
  await api.post('/v1/checkout', { userId, items: [{ productId, quantity: 1 }] });
  const { body } = expectStatus(200, await staff.get(`/v1/orders?userId=${userId}`));
  const orders: readonly object[] = body['items'] ?? [];
  const { context, page } = await visit(browser, url);
  await signInAs(shop(), context, 'operator');
  await page.route('**/v1/orders?*', (route) => {
    const limit = Number(new URL(route.request().url()).searchParams.get('limit'));
    const items = Array.from({ length: limit }, () => ({ ...orders[0], orderId: v7() }));
    return route.fulfill({ json: { items, nextCursor: 'next' } });
  });
  await page.goto('/console/orders');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV로 저장' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('주문 (처음 10,000개).csv');
  const text = await readFile(await download.path(), 'utf8');
  expect(text.split('\r\n').filter((line) => line !== '').length).toBe(10_001);
  await page.getByText('파일에는 처음 10,000개만 있어요').waitFor();
});

test('an order shows its first 50 events and then the others', async () => {
  const { api, browser, url } = shop();
  const productId = await addProduct(shop(), { name: 'Pen', price: 10, stock: ORDERS });
  const [userId = ''] = await registerUsers(api, 1, 10 * ORDERS);
  const order = { userId, items: [{ productId, quantity: ORDERS }] };
  const { body } = expectStatus(201, await api.post('/v1/checkout', order));
  const orderId = String(body['orderId']);
  const refund = { items: [{ productId, quantity: 1 }] };
  for (let count = 0; count < ORDERS; count += 1)
    expectStatus(201, await api.post(`/v1/orders/${orderId}/refunds`, refund));
  const { context, page } = await visit(browser, url, { locale: 'en-US' });
  await signInAs(shop(), context, 'operator');
  await page.goto(`/console/orders?order=${orderId}`);
  const panel = page.getByRole('complementary');
  const events = panel.getByRole('listitem').filter({ has: page.locator('time') });
  const more = panel.getByRole('button', { name: 'Show more' });
  await more.waitFor();
  expect(await events.count()).toBe(SHOWN);
  await more.click();
  await more.waitFor({ state: 'detached' });
  // A checkout is one event, the payment.
  expect(await events.count()).toBe(1 + ORDERS);
});
