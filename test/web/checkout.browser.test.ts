import type { Page, Request } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { PROBLEMS } from '../../src/contract/index.ts';
import { balanceOf, expectStatus } from '../support/api-calls.ts';
import { needsBrowser } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, newShopper, ordersOf, paymentsOf, type Shopper } from '../support/shopper.ts';
import { waitUntil } from '../support/wait.ts';
import { useWebShopProcess } from '../support/web-shop.ts';

const shop = useWebShopProcess();
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const PRICE = 3_000;
const BALANCE = 10_000;

/** A customer in front of the checkout of a cart with one product. */
const atCheckout = async (
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<Shopper & { readonly productId: string }> => {
  const productId = await addProduct(shop(), { name: 'Mug', price: PRICE, stock: 10 });
  const shopper = await newShopper(shop(), { balance: BALANCE, cart: { [productId]: 1 } });
  await prepare(shopper.page);
  await shopper.page.goto('/checkout');
  return { ...shopper, productId };
};

const payButton = (page: Page, total = PRICE) =>
  page.getByRole('button', { name: `Pay ₩${total.toLocaleString('en-US')}` });

const isCheckout = (request: Request): boolean =>
  request.method() === 'POST' && new URL(request.url()).pathname === '/v1/checkout';

const CHECKOUT = '**/v1/checkout';
const CHARGES = '**/v1/users/*/wallet/charges';

const receipt = (page: Page) => page.getByRole('heading', { name: 'Receipt' });

const expectPaidOnce = async (userId: string, total = PRICE): Promise<void> => {
  expect(await ordersOf(shop(), userId)).toMatchObject([{ status: 'paid', total }]);
  expect(await paymentsOf(shop(), userId)).toEqual([-total]);
  expect(await balanceOf(shop().api, userId)).toBe(BALANCE - total);
};

test('a double click on pay buys once', async () => {
  const { page, userId } = await atCheckout();
  await payButton(page).dblclick();
  await receipt(page).waitFor();
  await page.getByText('Paid. Thank you!').waitFor();
  await expectPaidOnce(userId);
});

const FULL = `Storage.prototype.setItem = () => {
  throw new DOMException('full', 'QuotaExceededError');
};`;
const BLOCKED = `for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, {
    get: () => {
      throw new DOMException('blocked', 'SecurityError');
    },
  });`;

test.each([
  ['full', FULL],
  ['blocked', BLOCKED],
])('a customer charges and pays in a browser whose storage is %s', async (_, script) => {
  const productId = await addProduct(shop(), { name: 'Jar', price: BALANCE + PRICE, stock: 10 });
  const cart = { [productId]: 1 };
  const { page, userId } = await newShopper(shop(), { balance: BALANCE, cart });
  await page.addInitScript(script);
  await page.goto('/checkout');
  await page.getByRole('button', { name: 'Charge ₩3,000 and pay ₩13,000' }).click();
  await receipt(page).waitFor();
  expect(await paymentsOf(shop(), userId)).toEqual([-BALANCE - PRICE]);
  expect(await balanceOf(shop().api, userId)).toBe(0);
});

/** The service does what the first call asks, and the answer arrives at a page that is gone. */
const loseAnswer = async (page: Page, path: string) => {
  const reached = Promise.withResolvers<void>();
  const reloaded = Promise.withResolvers<void>();
  await page.route(
    path,
    async (route) => {
      await route.fetch();
      reached.resolve();
      await reloaded.promise;
      await route.abort();
    },
    { times: 1 },
  );
  return { reachService: reached.promise, release: reloaded.resolve };
};

test('a reload while the payment is on its way ends at the receipt of the one order', async () => {
  const { page, userId } = await atCheckout();
  const { reachService, release } = await loseAnswer(page, CHECKOUT);
  await payButton(page).click();
  await reachService;
  await page.reload({ waitUntil: 'commit' });
  release();
  await receipt(page).waitFor();
  await page.getByText('You already paid this').waitFor();
  await expectPaidOnce(userId);
});

test('an order that is pressed again after a reload is paid once, also without storage', async () => {
  const productId = await addProduct(shop(), { name: 'Cup', price: PRICE, stock: 10 });
  const { page, userId } = await newShopper(shop(), { balance: BALANCE });
  await page.addInitScript(BLOCKED);
  await page.goto(`/checkout?product=${productId}&quantity=1`);
  const { reachService, release } = await loseAnswer(page, CHECKOUT);
  await payButton(page).click();
  await reachService;
  await page.reload({ waitUntil: 'commit' });
  release();
  await payButton(page).click();
  await receipt(page).waitFor();
  await expectPaidOnce(userId);
});

test('when the answer to a payment is lost, the page sends it again with the same key', async () => {
  const { page, userId, expectedErrors } = await atCheckout();
  expectedErrors.push(/net::ERR_FAILED|net::ERR_CONNECTION/);
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (isCheckout(request)) keys.push(request.headers()['idempotency-key']);
  });
  let isLost = false;
  await page.route(CHECKOUT, async (route) => {
    if (isLost) return route.continue();
    isLost = true;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await payButton(page).click();
  await receipt(page).waitFor();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/./);
  expect(keys[1]).toBe(keys[0]);
  await expectPaidOnce(userId);
});

test('a press without a connection waits for it and pays once', async () => {
  const { page, context, userId, expectedErrors } = await atCheckout();
  expectedErrors.push(/net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED/);
  await payButton(page).waitFor();
  await context.setOffline(true);
  await payButton(page).click();
  await page.getByText('Waiting for the connection. You pay only once.').waitFor();
  await context.setOffline(false);
  await receipt(page).waitFor();
  await expectPaidOnce(userId);
});

test('an overloaded service shows a queue instead of an error, and then the receipt', async () => {
  const { page, userId, expectedErrors } = await atCheckout();
  expectedErrors.push(/503 \(Service Unavailable\)/);
  let isOverloaded = true;
  const refusal = {
    status: 503,
    contentType: 'application/problem+json',
    headers: { 'retry-after': '1' },
    json: { code: 'overloaded', ...PROBLEMS.overloaded },
  };
  await page.route(CHECKOUT, (route) => (isOverloaded ? route.fulfill(refusal) : route.continue()));
  await payButton(page).click();
  await page.getByText('You are in the queue — you pay only once.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  isOverloaded = false;
  await receipt(page).waitFor();
  await expectPaidOnce(userId);
});

test('a reload during a charge charges once, and then the order is paid', async () => {
  const productId = await addProduct(shop(), { name: 'Desk', price: 30_000, stock: 3 });
  const { page, userId } = await newShopper(shop(), { balance: BALANCE });
  const { reachService, release } = await loseAnswer(page, CHARGES);
  await page.goto(`/checkout?product=${productId}&quantity=1`);
  await page.getByRole('button', { name: 'Charge ₩20,000 and pay ₩30,000' }).click();
  await reachService;
  await page.reload({ waitUntil: 'commit' });
  release();
  await receipt(page).waitFor();
  expect(await paymentsOf(shop(), userId)).toEqual([-30_000]);
  expect(await balanceOf(shop().api, userId)).toBe(0);
});

const raisePrice = async (productId: string): Promise<void> => {
  expectStatus(200, await shop().api.patch(`/v1/products/${productId}`, { price: 3_500 }));
};

/** The sheet shows the total that was seen beside the one of now, and asks again. */
const expectSecondConsent = async ({ page, userId }: Shopper): Promise<void> => {
  await page.getByRole('alert').filter({ hasText: 'The total rose by ₩500' }).waitFor();
  const figures = page.getByRole('alert').getByRole('definition');
  expect(await figures.allTextContents()).toEqual(['₩3,000', '₩3,500']);
  expect(await ordersOf(shop(), userId)).toEqual([]);
  await page.getByRole('button', { name: 'Pay ₩3,500 instead' }).click();
  await receipt(page).waitFor();
  await expectPaidOnce(userId, 3_500);
};

test('a price that rises while the sheet is open needs a second consent', async () => {
  const shopper = await atCheckout();
  await payButton(shopper.page).waitFor();
  await raisePrice(shopper.productId);
  await expectSecondConsent(shopper);
});

test('a price that rose unseen is refused and needs a second consent', async () => {
  const shopper = await atCheckout((page) => page.route('**/v1/stream?*', (each) => each.abort()));
  const { page, productId, expectedErrors } = shopper;
  expectedErrors.push(/net::ERR_FAILED/, /409 \(Conflict\)/);
  await payButton(page).waitFor();
  await raisePrice(productId);
  await payButton(page).click();
  await expectSecondConsent(shopper);
});

test('a service that stands still while it pays is waited for', async () => {
  const { page, userId } = await atCheckout();
  await payButton(page).waitFor();
  process.kill(shop().pid, 'SIGSTOP');
  try {
    await payButton(page).click();
    await page.getByText('You are in the queue — you pay only once.').waitFor();
  } finally {
    process.kill(shop().pid, 'SIGCONT');
  }
  await receipt(page).waitFor();
  await expectPaidOnce(userId);
});

test('two tabs with the same cart pay one order', async () => {
  const { page, context, userId } = await atCheckout();
  const other = await context.newPage();
  await other.goto('/checkout');
  // Only a sheet that opens later would take up the payment of the other tab.
  await Promise.all([payButton(page).waitFor(), payButton(other).waitFor()]);
  // Neither request leaves before both tabs want to pay.
  const { promise: both, resolve } = Promise.withResolvers<void>();
  const pressed = new Set<Page>();
  await context.route(CHECKOUT, async (route) => {
    pressed.add(route.request().frame().page());
    if (pressed.size === 2) resolve();
    await both;
    await route.continue();
  });
  await Promise.all([payButton(page).click(), payButton(other).click()]);
  await Promise.all([receipt(page).waitFor(), receipt(other).waitFor()]);
  expect(new URL(other.url()).pathname).toBe(new URL(page.url()).pathname);
  await expectPaidOnce(userId);
});

test('a change of the cart in one tab is seen in the other', async () => {
  const { page, context } = await atCheckout();
  const other = await context.newPage();
  await Promise.all([page.goto('/cart'), other.goto('/cart')]);
  await page.getByRole('link', { name: 'Cart, 1 product', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Mug, One more' }).click();
  const quantity = other.getByRole('textbox', { name: 'Mug, Quantity' });
  await waitUntil(async () => (await quantity.inputValue()) === '2', 'the quantity of the cart');
  await other.getByRole('button', { name: 'Remove Mug' }).click();
  await page.getByText('Your cart is empty').waitFor();
  expect(await page.getByRole('button', { name: 'Mug, One more' }).count()).toBe(0);
});
