import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { expectStatus, registerUsers } from '../support/api-calls.ts';
import { needsBrowser } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, newOperator } from '../support/shopper.ts';
import { waitUntil } from '../support/wait.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const operatorAt = (path: string) => newOperator(shop(), path);

const QUESTION = 'Discard what you typed?';
const TYPED = 'Cut by hand from one goose feather';

const questionOn = (page: Page): Locator => page.getByRole('dialog', { name: QUESTION });
const rowOf = (page: Page, name: string): Locator => page.getByRole('row', { name });
const panelOf = (page: Page, name: string): Locator => page.getByRole('complementary', { name });

const stay = async (page: Page): Promise<void> => {
  await questionOn(page).getByRole('button', { name: 'Back' }).click();
  await questionOn(page).waitFor({ state: 'detached' });
};

const discard = async (page: Page): Promise<void> => {
  await questionOn(page).getByRole('button', { name: 'Discard it' }).click();
  await questionOn(page).waitFor({ state: 'detached' });
};

/** Two products, and the list of them with a description typed in the form of the first. */
const typeInForm = async (word: string, from = '/console/products') => {
  const ids = await Promise.all(
    [`${word} one`, `${word} two`].map((name) =>
      addProduct(shop(), { name, price: 1_000, stock: 5 }),
    ),
  );
  const { page, expectedErrors } = await operatorAt(from);
  if (from !== '/console/products') await page.getByRole('link', { name: 'Products' }).click();
  await rowOf(page, `${word} one`).click();
  await panelOf(page, `${word} one`).getByRole('button', { name: 'Edit' }).click();
  const description = page.getByLabel('Description');
  await description.fill(TYPED);
  return { page, description, ids, expectedErrors };
};

const isOpen = (page: Page, productId: string | undefined): boolean =>
  new URL(page.url()).searchParams.get('product') === productId;

test('another row opens only once what was typed is discarded', async () => {
  const { page, description, ids } = await typeInForm('Quill');
  await rowOf(page, 'Quill two').click();
  await stay(page);
  expect(await description.inputValue()).toBe(TYPED);
  expect(isOpen(page, ids[0])).toBe(true);
  await rowOf(page, 'Quill two').click();
  await discard(page);
  await panelOf(page, 'Quill two').waitFor();
  expect(isOpen(page, ids[1])).toBe(true);
});

test('a link, Back, a reload and Cancel ask before they lose what was typed', async () => {
  const { page, description } = await typeInForm('Slate', '/console/wallets');
  const orders = page.getByRole('link', { name: 'Orders', exact: true });
  await orders.click();
  await stay(page);
  await page.evaluate('history.back()');
  await stay(page);
  await waitUntil(() => page.url().includes('/console/products?'), 'the address of the form');
  await panelOf(page, 'Slate one').getByRole('button', { name: 'Cancel' }).click();
  await stay(page);
  await panelOf(page, 'Slate one').getByRole('button', { name: 'Close' }).click();
  await stay(page);
  const asked = page.waitForEvent('dialog');
  const reload = page.evaluate('location.reload()');
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await reload;
  expect(await description.inputValue()).toBe(TYPED);
  await orders.click();
  await discard(page);
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
});

test('Back leaves the form once what was typed is discarded', async () => {
  const { page } = await typeInForm('Chalk', '/console/wallets');
  await page.evaluate('history.back()');
  await discard(page);
  await page.getByRole('heading', { name: 'Wallets', exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/console/wallets');
});

test('neither a filter of the list nor a save asks', async () => {
  const { page, description } = await typeInForm('Easel');
  await page.getByLabel('Order', { exact: true }).selectOption('name');
  await waitUntil(() => page.url().includes('sort=name'), 'the order in the address');
  expect(await description.inputValue()).toBe(TYPED);
  await page.getByRole('button', { name: 'Save the changes' }).click();
  await page.getByText('The changes are saved.').waitFor();
  await rowOf(page, 'Easel two').click();
  await panelOf(page, 'Easel two').waitFor();
  await page.getByRole('button', { name: 'New product' }).click();
  const form = panelOf(page, 'New product');
  await form.getByLabel('Name').first().fill('Easel three');
  await form.getByLabel('Price').fill('1000');
  await form.getByLabel('Stock').fill('5');
  await form.getByRole('button', { name: 'Create the product' }).click();
  await page.getByText('The product is in the shop.').waitFor();
  expect(await questionOn(page).count()).toBe(0);
});

test('neither signing out nor the way back after the end of the session is held up', async () => {
  const { page } = await typeInForm('Gouache');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await waitUntil(() => new URL(page.url()).pathname === '/', 'the shop');
  expect(await questionOn(page).count()).toBe(0);
  const { page: other, expectedErrors } = await typeInForm('Pastel');
  expectedErrors.push(/401 \(Unauthorized\)/);
  await other.context().clearCookies();
  await other.getByRole('button', { name: 'Save the changes' }).click();
  await other.getByRole('link', { name: 'Sign in again' }).first().click();
  await other.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
});

test('forms of stock, refund and charge ask; Escape closes only the question', async () => {
  const { api } = shop();
  const productId = await addProduct(shop(), { name: 'Palette', price: 1_000, stock: 5 });
  const [userId = ''] = await registerUsers(api, 1, 10_000);
  const order = { userId, items: [{ productId, quantity: 2 }] };
  const orderId = String(expectStatus(201, await api.post('/v1/checkout', order)).body['orderId']);
  const forms = [
    { at: `products?product=${productId}`, open: 'Adjust the stock', field: 'Change' },
    { at: `orders?order=${orderId}`, open: 'Refund…', field: 'Units of Palette to refund' },
    { at: `wallets?user=${userId}`, open: 'Charge…', field: 'Amount to charge' },
  ];
  const { page } = await operatorAt('/console');
  // Dialogs are gone at once then, while the key press goes on to the panel.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const { at, open, field } of forms) {
    await page.goto(`/console/${at}`);
    const panel = page.getByRole('complementary');
    await panel.getByRole('button', { name: open }).click();
    await panel.getByLabel(field).fill('1');
    await page.keyboard.press('Escape');
    await questionOn(page).waitFor();
    await page.keyboard.press('Escape');
    await questionOn(page).waitFor({ state: 'detached' });
    expect(await panel.getByLabel(field).inputValue()).toBe('1');
    await page.keyboard.press('Escape');
    await discard(page);
    await panel.waitFor({ state: 'detached' });
  }
});

test('dialogs of a destination and an API key ask; Escape closes only the question', async () => {
  const forms = [
    {
      at: 'delivery',
      empty: 'No destination yet',
      open: 'Create the first',
      title: 'New destination',
    },
    { at: 'settings', empty: 'No API keys yet', open: 'Make a key', title: 'Make a key' },
  ];
  const { page } = await operatorAt('/console');
  for (const { at, empty, open, title } of forms) {
    await page.goto(`/console/${at}`);
    // The list is read: the button of an empty list is beside its text.
    await page.getByText(empty).waitFor();
    await page.getByRole('button', { name: open }).click();
    const form = page.getByRole('dialog', { name: title });
    const name = form.getByLabel('Name');
    await name.fill('Ledger');
    await page.keyboard.press('Escape');
    await questionOn(page).waitFor();
    await page.keyboard.press('Escape');
    await questionOn(page).waitFor({ state: 'detached' });
    expect(await name.inputValue()).toBe('Ledger');
    await page.keyboard.press('Escape');
    await discard(page);
    await form.waitFor({ state: 'detached' });
  }
});
