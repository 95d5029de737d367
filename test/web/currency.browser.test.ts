import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { balanceOf, expectStatus } from '../support/api-calls.ts';
import { needsBrowser, visit } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, newShopper, signInAs } from '../support/shopper.ts';
import { waitUntil } from '../support/wait.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop({ MOA_CURRENCY: 'USD' });
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

/** Waits for an amount on the page, and then every amount is one of dollars. */
const expectDollars = async (page: Page, amount: string): Promise<void> => {
  await page.getByText(amount).first().waitFor();
  expect(await page.locator('body').innerText()).not.toMatch(/₩|KRW/);
};

const expectValue = (page: Page, label: string, value: string): Promise<void> =>
  waitUntil(
    async () => (await page.getByLabel(label).inputValue()) === value,
    `${value} in the field "${label}"`,
  );

test('a shop in dollars has dollars and cents from its home page to the receipt', async () => {
  const { api } = shop();
  const productId = await addProduct(shop(), { name: 'Mug', price: 1_299, stock: 500 });
  const { page, userId } = await newShopper(shop(), { balance: 500, cart: { [productId]: 2 } });
  // More than any sample product has sold.
  const buyer = await newShopper(shop(), { balance: 200_000 });
  const order = { userId: buyer.userId, items: [{ productId, quantity: 100 }] };
  expectStatus(201, await api.post('/v1/checkout', order));
  await page.goto('/');
  const bestSellers = page.getByRole('region', { name: 'Best sellers' });
  await bestSellers.getByRole('link', { name: 'Mug' }).getByText('$12.99').waitFor();
  await expectDollars(page, '$5.00');
  await page.goto(`/products/${productId}`);
  await expectDollars(page, 'Buy now for $12.99');
  await page.goto('/cart');
  await expectDollars(page, 'Pay $25.98');
  expectStatus(200, await api.patch(`/v1/products/${productId}`, { price: 1_399 }));
  await expectDollars(page, 'The price rose by $1.00');
  await expectDollars(page, '$13.99 each');
  await page.getByRole('button', { name: 'Pay $27.98' }).click();
  await expectDollars(page, 'Your balance is $22.98 short.');
  await expectValue(page, 'Amount to charge', '22.98');
  await page.getByLabel('Amount to charge').fill('30');
  await expectDollars(page, 'Charge $30.00 and pay $27.98');
  await page.getByRole('button', { name: 'Charge $30.00 and pay $27.98' }).click();
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  await expectDollars(page, '$27.98');
  expect(await balanceOf(api, userId)).toBe(702);
  await page.goto('/wallet');
  await expectDollars(page, '$7.02');
  await expectDollars(page, '+$30.00');
});

test('a field for dollars takes two digits after the point and completes them', async () => {
  const { page, userId } = await newShopper(shop());
  await page.goto('/wallet');
  const field = page.getByLabel('Amount to charge');
  await field.pressSequentially('1299.');
  await expectValue(page, 'Amount to charge', '1,299.');
  await field.pressSequentially('505');
  await expectValue(page, 'Amount to charge', '1,299.50');
  await field.press('Backspace');
  await expectValue(page, 'Amount to charge', '1,299.5');
  await field.blur();
  await expectValue(page, 'Amount to charge', '1,299.50');
  await page.getByText('$30.00', { exact: true }).click();
  await expectValue(page, 'Amount to charge', '30.00');
  // A digit after the 3, and one that the currency does not have.
  for (const key of ['Home', 'ArrowRight', '1', 'End', '9']) await field.press(key);
  await expectValue(page, 'Amount to charge', '310.00');
  await page.getByRole('button', { name: 'Charge $310.00' }).click();
  await expectDollars(page, 'Charged $310.00.');
  await expectValue(page, 'Amount to charge', '');
  expect(await balanceOf(shop().api, userId)).toBe(31_000);
});

test('a product that is priced at 12.99 in the console costs 1299 cents', async () => {
  const { context, page } = await visit(shop().browser, shop().url, { locale: 'en-US' });
  await signInAs(shop(), context, 'operator');
  // No product of the list says the currency.
  await page.goto('/console/products?query=nothing-like-this&product=new');
  const panel = page.getByRole('complementary');
  await panel.getByRole('textbox', { name: 'Name', exact: true }).fill('Inkwell');
  await panel.getByLabel('Price').pressSequentially('12.99');
  await panel.getByLabel('Stock').fill('3');
  await expectDollars(page, 'USD');
  await page.getByRole('button', { name: 'Create the product' }).click();
  await page.getByText('The product is in the shop.').waitFor();
  await expectDollars(page, '$12.99');
  const { body } = expectStatus(200, await shop().api.get('/v1/products?query=Inkwell'));
  expect(body['items']).toMatchObject([{ name: 'Inkwell', price: 1_299, currency: 'USD' }]);
  await page.goto('/console/products?query=Inkwell');
  await expectDollars(page, '$12.99');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const lines = await readFile(await (await download).path(), 'utf8');
  expect(lines.slice(1).split('\r\n')).toEqual([
    'Name,SKU,Price,Currency,Stock,Status',
    'Inkwell,,12.99,USD,3,active',
    '',
  ]);
});
