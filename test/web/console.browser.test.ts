import { readFile } from 'node:fs/promises';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { PROBLEMS } from '../../src/contract/index.ts';
import { balanceOf, expectStatus } from '../support/api-calls.ts';
import { needsBrowser, visit } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { SECRET, startReceiver } from '../support/receiver.ts';
import { addProduct, newOperator, newShopper, signInAs } from '../support/shopper.ts';
import { waitUntil } from '../support/wait.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop({ MOA_WEBHOOK_ALLOW_PRIVATE: 'on' });
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const operatorAt = (path: string) => newOperator(shop(), path);

test('an event that a destination refused is resent from the delivery desk', async () => {
  const receiver = await startReceiver();
  // The receiver cannot take what it is sent.
  receiver.answerWith(() => ({ status: 422, body: 'no such account' }));
  const { staff } = shop();
  const { body } = expectStatus(
    201,
    await staff.post('/v1/destinations', {
      name: 'Ledger',
      kind: 'webhook',
      url: receiver.url,
      secret: SECRET,
      types: ['moa.product.created.v1'],
    }),
  );
  const destinationId = String(body['destinationId']);
  const productId = await addProduct(shop(), { name: 'Ink', price: 1_000, stock: 5 });
  const { page } = await operatorAt('/console/delivery');
  await page.getByText('Ledger').first().click();
  const panel = page.getByRole('complementary');
  await panel.getByRole('tab', { name: 'Dead letters 1' }).click();
  await panel.getByText('no such account').waitFor({ state: 'attached' });
  await panel.getByRole('button', { name: 'Resend all 1…' }).click();
  await page.getByRole('dialog', { name: 'Resend 1 dead letter to Ledger?' }).waitFor();
  await page.keyboard.press('Escape');
  receiver.answerWith(() => ({ status: 204 }));
  await panel.getByRole('button', { name: 'Resend', exact: true }).click();
  await panel.getByRole('tab', { name: 'Dead letters 0' }).waitFor();
  await waitUntil(() => receiver.taken.length > 0, 'the event that is resent');
  expect(receiver.taken.map(({ subject }) => subject)).toEqual([productId]);
  const status = expectStatus(200, await staff.get(`/v1/destinations/${destinationId}/status`));
  expect(status.body).toMatchObject({ deadLetters: 0 });
});

test('a customer sees live what an operator refunds in the console', async () => {
  const { api } = shop();
  const productId = await addProduct(shop(), { name: 'Brush', price: 3_000, stock: 5 });
  const { page: customer, userId } = await newShopper(shop(), { balance: 10_000 });
  const order = { userId, items: [{ productId, quantity: 1 }] };
  const orderId = String(expectStatus(201, await api.post('/v1/checkout', order)).body['orderId']);
  await customer.goto(`/orders/${orderId}`);
  await customer.getByRole('link', { name: 'Wallet, balance ₩7,000' }).waitFor();
  const { page: operator } = await operatorAt(`/console/orders?order=${orderId}`);
  await operator.getByRole('button', { name: 'Refund…', exact: true }).click();
  await operator.getByRole('button', { name: 'All', exact: true }).click();
  await operator.getByRole('button', { name: 'Refund ₩3,000…' }).click();
  await operator.getByRole('dialog').getByRole('button', { name: 'Refund ₩3,000' }).click();
  await customer.getByText('Refunded', { exact: true }).waitFor();
  await customer.getByRole('link', { name: 'Wallet, balance ₩10,000' }).waitFor();
  expect(await balanceOf(api, userId)).toBe(10_000);
});

test('a refund whose answer was lost is done once, also when the order is read meanwhile', async () => {
  const { api } = shop();
  const productId = await addProduct(shop(), { name: 'Easel', price: 3_000, stock: 5 });
  const { userId } = await newShopper(shop(), { balance: 10_000 });
  const order = { userId, items: [{ productId, quantity: 2 }] };
  const orderId = String(expectStatus(201, await api.post('/v1/checkout', order)).body['orderId']);
  const { page, expectedErrors } = await operatorAt('/console');
  expectedErrors.push(/ERR_FAILED/);
  await page.clock.install();
  await page.goto(`/console/orders?order=${orderId}`);
  const refunds = { sent: 0, areLost: true };
  await page.route(`**/v1/orders/${orderId}/refunds`, async (route) => {
    const response = await route.fetch();
    refunds.sent += 1;
    await (refunds.areLost ? route.abort() : route.fulfill({ response }));
  });
  await page.getByRole('button', { name: 'Refund…', exact: true }).click();
  await page.getByLabel('Units of Easel to refund').fill('1');
  const dialog = page.getByRole('dialog', { name: /^Refund ₩3,000/ });
  const press = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Refund ₩3,000…' }).click();
    await dialog.getByRole('button', { name: 'Refund ₩3,000' }).click();
  };
  await press();
  await waitUntil(() => refunds.sent > 0, 'the refund whose answer is lost');
  // Longer than the client tries again, and than the order is read again.
  await page.clock.fastForward(60_000);
  await dialog.getByRole('alert').waitFor();
  await page.getByText('1 refunded').waitFor();
  refunds.areLost = false;
  await dialog.getByRole('button', { name: 'Back' }).click();
  await press();
  await dialog.waitFor({ state: 'detached' });
  expect(await balanceOf(api, userId)).toBe(7_000);
  await page.getByText('₩3,000 was refunded already. Nothing was done twice.').waitFor();
});

test('an open order and an open destination show what others have done since', async () => {
  const { api, staff } = shop();
  const productId = await addProduct(shop(), { name: 'Seal', price: 3_000, stock: 5 });
  const { userId } = await newShopper(shop());
  const order = { userId, items: [{ productId, quantity: 1 }] };
  const placed = expectStatus(201, await api.post('/v1/orders', order));
  const orderId = String(placed.body['orderId']);
  const { page } = await operatorAt('/console');
  await page.clock.install();
  await page.goto(`/console/orders?order=${orderId}`);
  const cancel = page.getByRole('button', { name: 'Cancel the order…' });
  await cancel.waitFor();
  const panel = page.getByRole('complementary');
  await panel.getByText('Placed, the stock is reserved').waitFor();
  expectStatus(201, await api.post(`/v1/orders/${orderId}/cancellation`, {}));
  await page.clock.fastForward(15_000);
  await cancel.waitFor({ state: 'detached' });
  await panel.getByRole('listitem').getByText('Cancelled', { exact: true }).waitFor();

  const destination = {
    name: 'Archive',
    kind: 'webhook',
    url: 'http://127.0.0.1:9',
    secret: SECRET,
  };
  const { body } = expectStatus(201, await staff.post('/v1/destinations', destination));
  const destinationId = String(body['destinationId']);
  await page.goto(`/console/delivery?destination=${destinationId}`);
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  const paused = { status: 'paused' };
  expectStatus(200, await staff.patch(`/v1/destinations/${destinationId}`, paused));
  await page.clock.fastForward(15_000);
  await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
});

test('two destinations of the same name are told apart by the saved list', async () => {
  const urls = ['http://127.0.0.1:9/books', 'http://127.0.0.1:9/films'];
  for (const url of urls) {
    const destination = { name: 'Twin', kind: 'webhook', url, secret: SECRET };
    expectStatus(201, await shop().staff.post('/v1/destinations', destination));
  }
  const { page } = await operatorAt('/console/delivery');
  await page.getByRole('row', { name: 'Twin' }).first().waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const [head = '', ...rows] = (await readFile(await (await downloading).path(), 'utf8')).split(
    '\r\n',
  );
  expect(head).toContain('Destination,Kind,Address,Status');
  for (const url of urls)
    expect(rows.filter((row) => row.includes(`Twin,webhook,${url},`))).toHaveLength(1);
});

test('Today says that its figures do not arrive while the stream is away', async () => {
  const { page, expectedErrors } = await operatorAt('/console');
  expectedErrors.push(/502 \(Bad Gateway\)/);
  const orders = page.getByRole('region', { name: 'Orders per minute' });
  await orders.getByText('in the last minute').waitFor();
  // A list of products follows them on a stream of its own, and the way back on another one.
  await page.route('**/v1/stream?*', (route) => route.fulfill({ status: 502, body: 'no service' }));
  const refused = page.waitForResponse((response) => response.status() === 502);
  await page.getByRole('link', { name: 'Products' }).click();
  await refused;
  await page.getByRole('link', { name: 'Today' }).click();
  const complaint = page.getByText('The live figures do not arrive.');
  await complaint.waitFor();
  expect(await page.getByText('All is well.').count()).toBe(0);
  await page.unroute('**/v1/stream?*');
  await orders.getByText('in the last minute').waitFor();
  expect(await complaint.count()).toBe(0);
});

test('a customer at an address of the console signs in as staff and comes back to it', async () => {
  const { page } = await newShopper(shop());
  await page.goto('/console/orders?status=paid');
  await page.getByRole('button', { name: 'Sign out and sign in as staff' }).click();
  await page.getByRole('button', { name: 'As the sample operator' }).click();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  const { pathname, search } = new URL(page.url());
  expect(pathname + search).toBe('/console/orders?status=paid');
});

test('the stream of who signs out ends before the session does', async () => {
  const { page } = await newShopper(shop());
  const opened = page.waitForRequest(/\/v1\/stream\?topics=best-sellers%2Corders/);
  await page.goto('/wallet');
  const stream = await opened;
  const ended = page.waitForEvent('requestfailed', (request) => request === stream);
  await page.route('**/auth/sign-out', (route) => ended.then(() => route.continue()));
  await page.getByRole('button', { name: 'Account of Kim Moa' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  expect(await page.getByRole('button', { name: 'Account of Kim Moa' }).count()).toBe(0);
});

test('a refused sign-out leaves the customer signed in and says so; the next one works', async () => {
  const { page, expectedErrors } = await newShopper(shop());
  expectedErrors.push(/503 \(Service Unavailable\)/);
  await page.route(
    '**/auth/sign-out',
    (route) => route.fulfill({ status: 503, json: { code: 'overloaded', ...PROBLEMS.overloaded } }),
    { times: 1 },
  );
  await page.goto('/wallet');
  const account = page.getByRole('button', { name: 'Account of Kim Moa' });
  await account.click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('alert').waitFor();
  expect(await account.count()).toBe(1);
  expect(new URL(page.url()).pathname).toBe('/wallet');
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  expect(await account.count()).toBe(0);
  await page.goto('/wallet');
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
});

test('Enter in the search never opens a hit of the text before', async () => {
  await addProduct(shop(), { name: 'Quill', price: 1_000, stock: 5 });
  const productId = await addProduct(shop(), { name: 'Quokka', price: 1_000, stock: 5 });
  const { page } = await operatorAt('/console');
  const address = (): string => page.url().slice(shop().url.length);
  await page.getByRole('button', { name: 'Search' }).click();
  const search = page.getByRole('textbox', { name: 'Search' });
  await search.fill('Quill');
  await page.getByRole('option', { name: 'Quill' }).waitFor();
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/v1/users?*', (route) => isReleased.then(() => route.continue()));
  const asked = page.waitForRequest(/\/v1\/users\?.*query=Quokka/);
  await search.fill('Quokka');
  await search.press('Enter');
  await asked;
  await search.press('Enter');
  await page.getByRole('option', { name: 'Quill', disabled: true }).click({ force: true });
  expect(await page.getByRole('option', { disabled: false }).count()).toBe(0);
  expect(address()).toBe('/console');
  release();
  await page.waitForURL((url) => url.search !== '');
  expect(address()).toBe(`/console/products?product=${productId}`);
});

test('the chart reads the orders of the time in which its tab was hidden', async () => {
  const { context, page } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  await signInAs(shop(), context, 'operator');
  const begins: string[] = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/v1/orders') begins.push(searchParams.get('from') ?? '');
  });
  await page.goto('/console');
  await page.getByText('Orders since').waitFor();
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");
  await waitUntil(() => begins.length >= 2, 'the orders since');
  const [first = '', second = ''] = begins;
  expect(Date.parse(second)).toBeGreaterThan(Date.parse(first));
});
