import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { PROBLEMS } from '../../src/contract/index.ts';
import { expectStatus } from '../support/api-calls.ts';
import { needsBrowser, visit } from '../support/browser.ts';
import { addProduct, newShopper } from '../support/shopper.ts';
import { waitUntil } from '../support/wait.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
beforeEach(needsBrowser);

const MINUTE_MS = 60_000;
const OPTIONS = '**/auth/options';
const FAILED_READ = /503 \(Service Unavailable\)|\/auth\/options answered 503/;
const MISSING = /404 \(Not Found\)|dynamically imported module|a file of the pages is missing/;

const newCart = async (): Promise<Record<string, number>> => ({
  [await addProduct(shop(), { name: 'Mug', price: 3_000, stock: 10 })]: 1,
});

/** The documents that a page asks for from now on: addresses and reloads. */
const documentsOf = (page: Page): string[] => {
  const documents: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(new URL(request.url()).pathname);
  });
  return documents;
};

test('a session that cannot be read once is read again', async () => {
  const { page, expectedErrors } = await newShopper(shop(), { cart: await newCart() });
  expectedErrors.push(FAILED_READ);
  await page.route(OPTIONS, (route) => route.fulfill({ status: 503, json: {} }), { times: 1 });
  await page.goto('/checkout');
  await page.getByRole('heading', { name: 'Checkout' }).waitFor();
});

test('a session that cannot be read is a notice with a retry, in the language of the page', async () => {
  const visitor = await newShopper(shop(), { locale: 'ko-KR', cart: await newCart() });
  const { page, expectedErrors } = visitor;
  expectedErrors.push(FAILED_READ);
  await page.route(OPTIONS, (route) => route.fulfill({ status: 503, json: {} }));
  await page.goto('/checkout');
  await page.getByRole('heading', { name: '페이지를 열지 못했어요' }).waitFor();
  await page.getByRole('link', { name: '가게로 가기' }).waitFor();
  await page.unroute(OPTIONS);
  await page.getByRole('button', { name: '다시 하기' }).click();
  await page.getByRole('heading', { name: '결제하기' }).waitFor();
});

test('the page of a proxy in place of an answer to a sign-in says that nothing answers', async () => {
  const { page, expectedErrors } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  expectedErrors.push(/502 \(Bad Gateway\)/);
  const proxied = { status: 502, contentType: 'text/html', body: '<h1>502 Bad Gateway</h1>' };
  await page.route('**/auth/demo', (route) => route.fulfill(proxied));
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'As the sample customer' }).click();
  await page.getByText('The service does not answer.').waitFor();
});

test('a page whose file a new version has replaced is loaded anew', async () => {
  const { page, expectedErrors } = await newShopper(shop());
  expectedErrors.push(MISSING);
  await page.goto('/');
  const documents = documentsOf(page);
  await page.route('**/assets/page-*.js', (route) =>
    documents.length === 0 ? route.fulfill({ status: 404 }) : route.continue(),
  );
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  expect(documents).toEqual(['/orders']);
});

test('a page that cannot be loaded without a network says so, and opens when it is back', async () => {
  const { page, context, expectedErrors } = await newShopper(shop());
  expectedErrors.push(MISSING, /net::ERR_INTERNET_DISCONNECTED/);
  await page.goto('/');
  const documents = documentsOf(page);
  const orders = page.getByRole('link', { name: 'Orders', exact: true });
  await orders.waitFor();
  // A part that is still loading would fail too, and ask whether the service is there.
  await page.getByRole('button', { name: 'Account of Kim Moa' }).waitFor();
  await context.setOffline(true);
  const asked = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/healthz'));
  await orders.click();
  await asked;
  await page.getByRole('heading', { name: 'The page could not be opened' }).waitFor();
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  expect(documents).toEqual([]);
  // The rules of a style sheet that did not load cannot be read.
  const styles = "[...document.querySelectorAll('link[rel=stylesheet]')]";
  expect(await page.evaluate(`${styles}.every(({ sheet }) => sheet.cssRules.length > 0)`)).toBe(
    true,
  );
});

test('a part whose file is missing leaves the page as it is and is loaded later', async () => {
  const { page, expectedErrors } = await newShopper(shop());
  expectedErrors.push(MISSING);
  const missing = /\/assets\/(?:account-menu|drawer)-[^/]*\.js$/;
  await page.route(missing, (route) => route.fulfill({ status: 404 }));
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  await page.goto('/wallet', { waitUntil: 'commit' });
  await waitUntil(() => loads === 2, 'the reload');
  const again = page.getByRole('button', { name: 'Load the account menu again' });
  await again.waitFor();
  await page.getByRole('link', { name: 'Cart', exact: true }).click();
  const notice = page.getByRole('alert');
  await notice.waitFor();
  await page.getByRole('heading', { name: 'Wallet', exact: true }).waitFor();
  await page.unroute(missing);
  await notice.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('dialog', { name: 'Cart' }).waitFor();
  await page.keyboard.press('Escape');
  await again.click();
  await page.getByRole('button', { name: 'Account of Kim Moa' }).waitFor();
  expect(loads).toBe(2);
});

test('a product that cannot be read again stays, with the quantity and a notice', async () => {
  const productId = await addProduct(shop(), { name: 'Kettle', price: 2_000, stock: 9 });
  const { page, expectedErrors } = await newShopper(shop());
  expectedErrors.push(/500 \(Internal Server Error\)/);
  const read = `**/v1/products/${productId}`;
  const json = { code: 'internal_error', ...PROBLEMS.internal_error };
  const fail = () => page.route(read, (route) => route.fulfill({ status: 500, json }));
  const buy = page.getByRole('button', { name: 'Buy now for ₩4,000' });
  const again = page.getByRole('alert').getByRole('button', { name: 'Try again' });
  await page.goto('/?query=kettle');
  await fail();
  // The list has shown the product.
  await page.getByRole('link', { name: 'Kettle' }).click();
  await again.waitFor();
  await page.getByRole('button', { name: 'One more' }).click();
  await buy.waitFor();
  await page.unroute(read);
  await again.click();
  await again.waitFor({ state: 'hidden' });
  await fail();
  await page.clock.install();
  await page.clock.fastForward(MINUTE_MS);
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
  await again.waitFor();
  await buy.waitFor();
});

test('a product that does not exist is said to be missing', async () => {
  const { page, expectedErrors } = await newShopper(shop());
  expectedErrors.push(MISSING);
  await page.goto('/products/00000000-0000-7000-8000-000000000000');
  await page.getByRole('heading', { name: 'This product does not exist' }).waitFor();
});

test('products that cannot be read on are a notice at the end of the list, not above it', async () => {
  // Besides the sample products, which fill the first page.
  await newCart();
  const { page, expectedErrors } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  expectedErrors.push(/400 \(Bad Request\)/);
  const json = { code: 'invalid_request', ...PROBLEMS.invalid_request };
  await page.route('**/v1/products?*cursor=*', (route) => route.fulfill({ status: 400, json }));
  await page.goto('/');
  const products = page.getByRole('region', { name: 'All products' });
  await products.getByRole('listitem').last().scrollIntoViewIfNeeded();
  await products.locator('ul ~ [role=alert]').getByRole('button', { name: 'Try again' }).waitFor();
});

test('how long ago an order was goes on, and is never ahead of a clock that is behind', async () => {
  const cart = await newCart();
  const { page, userId } = await newShopper(shop(), { balance: 10_000 });
  const items = Object.entries(cart).map(([productId, quantity]) => ({ productId, quantity }));
  expectStatus(201, await shop().api.post('/v1/checkout', { userId, items }));
  await page.clock.install({ time: Date.now() - 5.4 * MINUTE_MS });
  await page.goto('/orders');
  const time = page.getByRole('main').locator('time').first();
  await time.waitFor();
  expect(await time.textContent()).toBe('now');
  await page.clock.fastForward(10 * MINUTE_MS);
  await page.getByText('5 minutes ago').waitFor();
});
