import type { Page } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { needsBrowser, PHONE, visit } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, newShopper } from '../support/shopper.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop({ MOA_DEMO: 'off', MOA_BALANCE_MAX: '100000000' });
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(
    'Math.max(0, document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)',
  );

const expectNarrow = async (page: Page): Promise<void> => {
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  expect([page.url(), await overflowOf(page)]).toEqual([page.url(), 0]);
};

test('a shop without products invites instead of showing nothing', async () => {
  const { page } = await visit(shop().browser, shop().url, { viewport: PHONE });
  await page.goto('/');
  await page.getByRole('heading', { name: '아직 진열한 상품이 없어요' }).waitFor();
  await expectNarrow(page);
});

const NAMES = [
  '<img src=x onerror="document.title=\'taken over\'">',
  '</script><script>document.title="taken over"</script>',
  'W'.repeat(200),
  '👩‍👩‍👧‍👦🏳️‍🌈 '.repeat(8).trim(),
  'كوب سيراميك يدوي الصنع',
  '{{7*7}} ${7*7} %s %d',
];

test('hostile names are text and fit a narrow phone on every page up to the receipt', async () => {
  const ids: string[] = [];
  for (const name of NAMES)
    ids.push(await addProduct(shop(), { name, price: 10_000_000, stock: 3 }));
  await addProduct(shop(), { name: 'None left', price: 1, stock: 0 });
  const cart = Object.fromEntries(ids.map((id) => [id, 1]));
  const { page } = await newShopper(shop(), { viewport: PHONE, balance: 90_000_000, cart });
  await page.goto('/');
  for (const name of NAMES) await page.getByText(name, { exact: true }).first().waitFor();
  await page.getByText('Sold out').first().waitFor();
  await page.getByText('₩10,000,000').first().waitFor();
  await expectNarrow(page);
  for (const [index, id] of ids.entries()) {
    await page.goto(`/products/${id}`);
    await page.getByRole('heading', { name: NAMES[index] ?? '', exact: true }).waitFor();
    await expectNarrow(page);
  }
  await page.goto('/cart');
  await page.getByRole('button', { name: 'Pay ₩60,000,000' }).click();
  await page.getByRole('heading', { name: 'Checkout' }).waitFor();
  await expectNarrow(page);
  await page.getByRole('main').getByRole('button', { name: 'Pay ₩60,000,000' }).click();
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  await expectNarrow(page);
  for (const path of ['/orders', '/wallet']) {
    await page.goto(path);
    await page.getByText('₩60,000,000').first().waitFor();
    await expectNarrow(page);
  }
  expect(await page.title()).not.toContain('taken over');
});
