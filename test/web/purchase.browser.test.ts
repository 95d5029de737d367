import type { Locator, Page, Route } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { PROBLEMS } from '../../src/contract/index.ts';
import { balanceOf, expectStatus } from '../support/api-calls.ts';
import { needsBrowser, PHONE, visit } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, newShopper, ordersOf, PASSWORD, type Shopper } from '../support/shopper.ts';
import { waitUntil } from '../support/wait.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const checkout = async ({ userId }: Shopper, productId: string, quantity = 1): Promise<string> => {
  const order = { userId, items: [{ productId, quantity }] };
  return String(expectStatus(201, await shop().api.post('/v1/checkout', order)).body['orderId']);
};

test('a visitor signs up, charges, adds, pays and finds the order, in Korean', async () => {
  await addProduct(shop(), { name: '달항아리', price: 3_000, stock: 5 });
  const { page } = await visit(shop().browser, shop().url);
  await page.goto('/');
  await page.getByRole('link', { name: '달항아리' }).click();
  await page.getByRole('button', { name: '장바구니에 담기' }).click();
  await page.getByRole('link', { name: '회원가입' }).click();
  await page.getByLabel('이름').fill('김모아');
  await page.getByLabel('이메일').fill(`${v7()}@shop.example`);
  await page.getByRole('textbox', { name: '비밀번호' }).fill(PASSWORD);
  await page.getByRole('button', { name: '가입하기' }).click();
  await page.getByRole('heading', { name: '달항아리' }).waitFor();
  await page.getByRole('button', { name: '장바구니에 담기' }).click();
  await page.getByRole('dialog').getByText('상품 1개').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: '지갑, 잔액 0원' }).click();
  await page.getByText('1만 원', { exact: true }).click();
  await page.getByRole('button', { name: '10,000원 충전하기' }).click();
  await page.getByText('10,000원 충전했어요.').waitFor();
  await page.getByRole('link', { name: '장바구니, 상품 1개' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '3,000원 결제하기' }).click();
  await page.getByRole('heading', { name: '결제하기' }).waitFor();
  await page.getByRole('main').getByRole('button', { name: '3,000원 결제하기' }).click();
  await page.getByRole('heading', { name: '영수증' }).waitFor();
  await page.getByRole('link', { name: '지갑, 잔액 7,000원' }).waitFor();
  await page.getByRole('link', { name: '← 모든 주문' }).click();
  await page.getByRole('heading', { name: '주문', exact: true }).waitFor();
  const row = page.getByRole('listitem').filter({ hasText: '달항아리' });
  expect(await row.innerText()).toMatch(/결제 완료[^]*3,000원/);
  await page.getByText('주문 1개').waitFor();
});

test('a visitor who presses before the session is read comes to the sign-in', async () => {
  const productId = await addProduct(shop(), { name: 'Bench', price: 1_000, stock: 5 });
  const { page } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  const { promise: isPressed, resolve: press } = Promise.withResolvers<void>();
  await page.route('**/auth/get-session', (route) => isPressed.then(() => route.continue()));
  await page.goto(`/products/${productId}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  press();
  await page.waitForURL(/\/sign-in\?/);
  expect(new URL(page.url()).searchParams.get('to')).toBe(`/products/${productId}?quantity=1`);
});

/** A customer on a product's page that does not know them yet, and the additions it sends. */
const shopperTooEarly = async (name: string) => {
  const productId = await addProduct(shop(), { name, price: 1_000, stock: 5 });
  const { page, userId } = await newShopper(shop());
  const { promise: isKnown, resolve: know } = Promise.withResolvers<void>();
  await page.route('**/auth/get-session', (route) => isKnown.then(() => route.continue()));
  const additions: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (request.method() === 'POST' && url.includes('/cart/')) additions.push(url);
  });
  await page.goto(`/products/${productId}`);
  return { page, userId, know, additions };
};

test('two presses before the session is read put one unit into the cart', async () => {
  const { page, userId, know, additions } = await shopperTooEarly('Stool');
  await page.getByRole('button', { name: 'Add to cart' }).dblclick();
  know();
  await page.getByRole('dialog').getByText('1 product', { exact: true }).waitFor();
  expect(additions).toHaveLength(1);
  const { body } = expectStatus(200, await shop().api.get(`/v1/users/${userId}/cart`));
  expect(body['items']).toMatchObject([{ quantity: 1 }]);
});

test('a press before the session is read is forgotten when the customer leaves', async () => {
  const { page, know, additions } = await shopperTooEarly('Ladder');
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'Moa 모아' }).click();
  await page.getByRole('heading', { name: 'All products' }).waitFor();
  know();
  await page.getByRole('link', { name: 'Wallet, balance ₩0' }).waitFor();
  expect(additions).toEqual([]);
});

test('a balance that is short is charged in the checkout, on a phone', async () => {
  const productId = await addProduct(shop(), { name: 'Kettle', price: 50_000, stock: 3 });
  const { page, userId } = await newShopper(shop(), { balance: 20_000, viewport: PHONE });
  await page.goto(`/products/${productId}`);
  await page.getByRole('button', { name: 'Buy now for ₩50,000' }).click();
  await page.getByText('Your balance is ₩30,000 short.').waitFor();
  expect(await page.getByLabel('Amount to charge').inputValue()).toBe('30,000');
  await page.getByRole('button', { name: 'Charge ₩30,000 and pay ₩50,000' }).click();
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  expect(await ordersOf(shop(), userId)).toMatchObject([{ status: 'paid', total: 50_000 }]);
});

/** A page of the first 24 of 25 products of a kind, in English, and the ids of all. */
const atLongList = async (kind: string) => {
  const ids: string[] = [];
  for (let number = 1; number <= 25; number++)
    ids.push(await addProduct(shop(), { name: `${kind} no. ${number}`, price: 100, stock: 50 }));
  const { page } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  await page.goto(`/?query=${kind}`);
  await page.getByText('24+ products', { exact: true }).waitFor();
  return { page, ids, more: page.getByRole('button', { name: 'Show more' }) };
};

/** Holds the requests to a URL; tells when the first has come, and lets all go on. */
const hold = async (page: Page, url: string | RegExp) => {
  const { promise: hasCome, resolve: come } = Promise.withResolvers<void>();
  const { promise: isFree, resolve: free } = Promise.withResolvers<void>();
  await page.route(url, (route) => {
    come();
    return isFree.then(() => route.continue());
  });
  return { hasCome, free };
};

test('a list of products says whether more follow than it counts', async () => {
  const { page, more } = await atLongList('Pencil');
  await page.getByRole('button', { name: '한국어로 보기' }).click();
  await page.getByText('상품 24개 이상', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'View in English' }).click();
  const search = await hold(page, '**/v1/products?*query=crayon*');
  await page.getByLabel('Search products').fill('crayon');
  await search.hasCome;
  await page.locator('section[aria-busy="true"]').waitFor();
  expect(await page.getByText('24+ products', { exact: true }).count()).toBe(1);
  search.free();
  await page.getByText('Nothing matches “crayon”').waitFor();
  await page.getByLabel('Search products').fill('pencil');
  await page.getByText('24+ products', { exact: true }).waitFor();
  const next = await hold(page, '**/v1/products?*cursor=*');
  // The page is read when its place comes near, whether the button is pressed or not.
  await more.press('Enter');
  await next.hasCome;
  await page.locator('section[aria-busy="true"]').waitFor();
  expect(await more.and(page.locator(':focus')).count()).toBe(1);
  next.free();
  await page.getByText('25 products', { exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'Pencil no.' }).count()).toBe(25);
});

test('a press on Show more does not end a read of the list that is on its way', async () => {
  const { page, ids, more } = await atLongList('Brush');
  const refresh = await hold(page, /\/v1\/products\?(?!.*cursor=)/);
  const archived = { status: 'archived' };
  expectStatus(200, await shop().api.patch(`/v1/products/${ids.at(-1)}`, archived));
  await refresh.hasCome;
  await page.locator('section[aria-busy="true"]').waitFor();
  await more.press('Enter');
  refresh.free();
  await page.getByText('24 products', { exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'Brush no. 25' }).count()).toBe(0);
});

/** Presses Tab until the element has the focus. */
const tabTo = async (page: Page, target: Locator): Promise<void> => {
  await target.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if ((await target.and(page.locator(':focus')).count()) > 0) return;
  }
  throw new Error(`Tab does not reach ${target.toString()}`);
};

test('a customer buys with the keyboard alone', async () => {
  await addProduct(shop(), { name: 'Fountain pen', price: 4_000, stock: 5 });
  const { page, userId } = await newShopper(shop(), { balance: 10_000 });
  const button = (name: string): Locator => page.getByRole('button', { name });
  await page.goto('/');
  await tabTo(page, page.getByRole('link', { name: 'To the content' }));
  await tabTo(page, page.getByLabel('Search products'));
  await page.keyboard.type('fountain');
  await page.getByText('Products for “fountain”').waitFor();
  await tabTo(page, page.getByRole('link', { name: 'Fountain pen' }));
  await page.keyboard.press('Enter');
  await tabTo(page, button('One more'));
  await page.keyboard.press('Enter');
  await tabTo(page, button('Add to cart'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Pay ₩8,000' }));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Checkout' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await tabTo(page, button('Pay ₩8,000'));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  expect(await ordersOf(shop(), userId)).toMatchObject([{ status: 'paid', total: 8_000 }]);
});

test('a product that sells out while it is looked at can no longer be bought', async () => {
  const productId = await addProduct(shop(), { name: 'Vase', price: 1_000, stock: 2 });
  const { page } = await newShopper(shop(), { balance: 10_000 });
  const other = await newShopper(shop(), { balance: 10_000 });
  await page.goto(`/products/${productId}`);
  await page.getByText('2 left right now').first().waitFor();
  await checkout(other, productId);
  await page.getByText('1 left right now').first().waitFor();
  await checkout(other, productId);
  await page.getByText('Sold out for now').first().waitFor();
  expect(await page.getByRole('button', { name: /Add to cart|Buy now/ }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Sold out' }).isDisabled()).toBe(true);
});

test('a product that is archived while it is in a list leaves the list', async () => {
  const productId = await addProduct(shop(), { name: 'Drum', price: 1_000, stock: 5 });
  await addProduct(shop(), { name: 'Drum stick', price: 1_000, stock: 5 });
  const { page } = await newShopper(shop());
  await page.goto('/?query=drum');
  await page.getByText('2 products', { exact: true }).waitFor();
  const archived = { status: 'archived' };
  expectStatus(200, await shop().api.patch(`/v1/products/${productId}`, archived));
  await page.getByText('1 product', { exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'Drum' }).allInnerTexts()).toEqual([
    expect.stringContaining('Drum stick'),
  ]);
});

test('a read that takes longer than a sale does not show the stock of before', async () => {
  const productId = await addProduct(shop(), { name: 'Globe', price: 1_000, stock: 5 });
  const { page } = await newShopper(shop());
  const { promise: isSold, resolve: sold } = Promise.withResolvers<void>();
  const { promise: isRead, resolve: read } = Promise.withResolvers<void>();
  await page.route(`**/v1/products/${productId}`, async (route) => {
    const response = await route.fetch();
    const json: object = await response.json();
    read();
    await isSold;
    await route.fulfill({ response, json: { ...json, name: 'Old globe' } });
  });
  await page.goto('/?query=globe');
  await page.getByRole('link', { name: 'Globe' }).click();
  await isRead;
  await checkout(await newShopper(shop(), { balance: 10_000 }), productId);
  await page.getByText('4 left right now').first().waitFor();
  sold();
  await page.getByRole('heading', { name: 'Old globe' }).waitFor();
  await page.getByText('4 left right now').first().waitFor();
  expect(await page.getByText('5 left right now').count()).toBe(0);
});

test('a page whose stream is refused once shows the stock of later', async () => {
  const productId = await addProduct(shop(), { name: 'Lantern', price: 1_000, stock: 5 });
  const { page, expectedErrors } = await newShopper(shop(), { balance: 10_000 });
  expectedErrors.push(/503 \(Service Unavailable\)/);
  const { promise: isRefused, resolve: refused } = Promise.withResolvers<void>();
  const refuse = async (route: Route): Promise<void> => {
    await route.fulfill({ status: 503, json: { code: 'overloaded', ...PROBLEMS.overloaded } });
    refused();
  };
  await page.route('**/v1/stream?*', refuse, { times: 1 });
  await page.goto(`/products/${productId}`);
  await page.getByText('5 left right now').first().waitFor();
  await isRefused;
  await checkout(await newShopper(shop(), { balance: 10_000 }), productId);
  await page.getByText('4 left right now').first().waitFor();
});

test('a customer sees the refund of staff at once, on the receipt and in the wallet', async () => {
  const productId = await addProduct(shop(), { name: 'Teapot', price: 3_000, stock: 5 });
  const shopper = await newShopper(shop(), { balance: 10_000 });
  const { page } = shopper;
  const orderId = await checkout(shopper, productId, 2);
  await page.goto(`/orders/${orderId}`);
  await page.getByRole('link', { name: 'Wallet, balance ₩4,000' }).waitFor();
  const items = [{ productId, quantity: 1 }];
  expectStatus(201, await shop().api.post(`/v1/orders/${orderId}/refunds`, { items }));
  await page.getByText('Partly refunded').waitFor();
  await page.getByText('1 refunded').waitFor();
  await page.getByRole('link', { name: 'Wallet, balance ₩7,000' }).waitFor();
  expect(await balanceOf(shop().api, shopper.userId)).toBe(7_000);
});

test('a refund before the stream of a page begins is seen on the page', async () => {
  const productId = await addProduct(shop(), { name: 'Teapot', price: 3_000, stock: 5 });
  const shopper = await newShopper(shop(), { balance: 10_000 });
  const { page } = shopper;
  const orderId = await checkout(shopper, productId, 2);
  const { promise: isRefunded, resolve: refunded } = Promise.withResolvers<void>();
  await page.route('**/v1/stream?*', (route) => isRefunded.then(() => route.continue()));
  await page.goto(`/orders/${orderId}`);
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  const items = [{ productId, quantity: 1 }];
  expectStatus(201, await shop().api.post(`/v1/orders/${orderId}/refunds`, { items }));
  refunded();
  await page.getByText('Partly refunded').waitFor();
  expect(await balanceOf(shop().api, shopper.userId)).toBe(7_000);
});

test('a customer is refused by the console and by the calls of staff', async () => {
  const { page, context } = await newShopper(shop());
  for (const path of ['/console', '/console/orders', '/console/delivery', '/console/settings']) {
    await page.goto(path);
    await page.getByRole('heading', { name: 'The console is for staff' }).waitFor();
  }
  for (const path of [
    '/v1/destinations',
    '/v1/orders',
    '/v1/users',
    '/v1/api-keys',
    '/v1/events',
  ]) {
    const answer = await context.request.get(path);
    expect([path, answer.status()]).toEqual([path, 403]);
  }
});

test('a visitor without a session is sent to sign in and comes back', async () => {
  const { page } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  await page.goto('/orders?status=paid');
  await page.getByRole('button', { name: 'As the sample customer' }).click();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?status=paid');
});

test('a password with a character that cannot be seen is not called short', async () => {
  const { page, expectedErrors } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  expectedErrors.push(/400 \(Bad Request\)/);
  for (const [path, button] of [
    ['/sign-up', 'Create an account'],
    ['/sign-in', 'Sign in'],
  ] as const) {
    await page.goto(path);
    if (path === '/sign-up') await page.getByLabel('Name').fill('Kim Moa');
    await page.getByLabel('E-mail').fill(`${v7()}@shop.example`);
    await page.getByRole('textbox', { name: 'Password' }).fill(`${PASSWORD}\u0007`);
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByText('It has a character that cannot be seen.').waitFor();
  }
});

test('switching the language keeps what was typed', async () => {
  const { page } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Kim Moa');
  await page.getByLabel('E-mail').fill('moa@shop.example');
  await page.getByRole('button', { name: '한국어로 보기' }).click();
  await page.getByRole('heading', { name: '회원가입' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
  expect(await page.getByLabel('이름').inputValue()).toBe('Kim Moa');
  expect(await page.getByLabel('이메일').inputValue()).toBe('moa@shop.example');
  await page.reload();
  await page.getByRole('heading', { name: '회원가입' }).waitFor();
});

const countBlocked = (page: Page): (() => number) => {
  let count = 0;
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) count++;
  });
  return () => count;
};

test('a script that is injected into a page does not run', async () => {
  const { page, expectedErrors } = await newShopper(shop());
  expectedErrors.push(/Content Security Policy/);
  const blocked = countBlocked(page);
  await page.goto('/wallet');
  await page.getByRole('heading', { name: 'Wallet', exact: true }).waitFor();
  await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
    document.body.insertAdjacentHTML(
      'beforeend',
      '<a href="javascript:document.title=\\'taken over\\'" onclick="document.title=\\'taken over\\'">x</a>',
    );
    document.body.lastElementChild.click();
  `);
  await waitUntil(() => blocked() >= 3, 'the reports of what was refused');
  expect(blocked()).toBe(3);
  expect(await page.title()).not.toBe('taken over');
});

test('the cookie of a session is out of reach of scripts and of other sites', async () => {
  const { context, page } = await newShopper(shop());
  const cookies = await context.cookies();
  expect(cookies).not.toHaveLength(0);
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  await page.goto('/');
  expect(await page.evaluate('document.cookie')).toBe('');
});
