import type { Page } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { balanceOf, expectStatus } from '../support/api-calls.ts';
import { needsBrowser } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, newShopper, signInAs, type Shopper } from '../support/shopper.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const BALANCE = 10_000;

const signOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Account of Kim Moa' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
};

/** A customer whose page does not notice that somebody else signs in. */
const newUnaware = async (): Promise<Shopper> => {
  const shopper = await newShopper(shop(), { balance: BALANCE });
  await shopper.page.route('**/v1/stream?*', (route) => route.abort());
  shopper.expectedErrors.push(/net::ERR_FAILED/, /404 \(Not Found\)/);
  return shopper;
};

/** Signs somebody else in with the browser of the shopper. */
const signInOther = async ({ context }: Shopper): Promise<string> => {
  const userId = await signInAs(shop(), context);
  const { api } = shop();
  expectStatus(201, await api.put(`/v1/users/${userId}`, {}));
  const charge = { amount: BALANCE };
  expectStatus(201, await api.post(`/v1/users/${userId}/wallet/charges`, charge));
  return userId;
};

const expectNothingPaid = async (...userIds: readonly string[]): Promise<void> => {
  for (const userId of userIds) expect(await balanceOf(shop().api, userId)).toBe(BALANCE);
};

test('a tab shows nothing of a customer who signed out in another tab', async () => {
  const { page, context, expectedErrors } = await newShopper(shop(), { balance: BALANCE });
  expectedErrors.push(/401 \(Unauthorized\)/);
  await page.goto('/wallet');
  await page.getByRole('link', { name: 'Wallet, balance ₩10,000' }).waitFor();
  const other = await context.newPage();
  await other.goto('/');
  await signOut(other);
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  expect(await page.getByText('₩10,000').count()).toBe(0);
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
});

test('the console says that its operator signed out in another tab', async () => {
  const { page, context, expectedErrors } = await newShopper(shop());
  expectedErrors.push(/401 \(Unauthorized\)/);
  await signInAs(shop(), context, 'operator');
  await page.goto('/console/orders?status=paid');
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  const answer = await context.request.post('/auth/sign-out', { headers: { origin: shop().url } });
  expect(answer.ok()).toBe(true);
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('button', { name: 'As the sample operator' }).click();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?status=paid');
});

test('the page of one customer pays nothing from the wallet of another', async () => {
  const productId = await addProduct(shop(), { name: 'Mug', price: 3_000, stock: 9 });
  const shopper = await newUnaware();
  const { page, userId } = shopper;
  await page.goto(`/checkout?product=${productId}&quantity=1`);
  const pay = page.getByRole('button', { name: 'Pay ₩3,000' });
  await pay.waitFor();
  const otherId = await signInOther(shopper);
  await pay.click();
  await page.getByText('Nothing has been paid on this page since.').waitFor();
  await expectNothingPaid(userId, otherId);
  await page.getByRole('button', { name: 'Continue as Kim Moa' }).click();
  await pay.click();
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  expect(await balanceOf(shop().api, userId)).toBe(BALANCE);
  expect(await balanceOf(shop().api, otherId)).toBe(BALANCE - 3_000);
});

test('the page of one customer charges nothing to the wallet of another', async () => {
  const shopper = await newUnaware();
  const { page, userId } = shopper;
  await page.goto('/wallet');
  await page.getByLabel('Amount to charge').fill('5000');
  const otherId = await signInOther(shopper);
  await page.getByRole('button', { name: 'Charge ₩5,000' }).click();
  await page.getByText('Nothing has been paid on this page since.').waitFor();
  await expectNothingPaid(userId, otherId);
});

test('a stream that opens again as another customer shows their states on no page', async () => {
  const shopper = await newShopper(shop(), { balance: BALANCE });
  const { page, context, userId } = shopper;
  const opened = page.waitForResponse(/\/v1\/stream/);
  await page.goto('/wallet');
  await page.getByRole('link', { name: 'Wallet, balance ₩10,000' }).waitFor();
  await opened;
  const { promise: isOther, resolve: other } = Promise.withResolvers<void>();
  await page.route('**/v1/stream?*', (route) => isOther.then(() => route.continue()));
  await context.request.post('/auth/sign-out', { headers: { origin: shop().url } });
  await signInOther(shopper);
  other();
  await page.getByText('Nothing has been paid on this page since.').waitFor();
  expect(await balanceOf(shop().api, userId)).toBe(BALANCE);
});

test('the home page stays live when the customer signs out on it', async () => {
  const productId = await addProduct(shop(), { name: 'Lamp', price: 1, stock: 5_008 });
  const { page, userId } = await newShopper(shop(), { balance: BALANCE });
  const buy = async (quantity: number): Promise<void> => {
    const order = { userId, items: [{ productId, quantity }] };
    expectStatus(201, await shop().api.post('/v1/checkout', order));
  };
  // More than any sample product has sold.
  await buy(5_000);
  await page.goto('/');
  const cards = page.getByRole('link', { name: 'Lamp' });
  await cards.filter({ hasText: '8 left' }).waitFor();
  await cards.filter({ hasText: '5,000 sold' }).waitFor();
  await signOut(page);
  await buy(1);
  await cards.filter({ hasText: '7 left' }).waitFor();
  await cards.filter({ hasText: '5,001 sold' }).waitFor();
});
