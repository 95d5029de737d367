import type { BrowserContext, Page } from 'playwright-core';
import { v7 } from 'uuid';
import { expectStatus } from './api-calls.ts';
import { visit, type Visit } from './browser.ts';
import type { Answer } from './client.ts';
import type { WebShop } from './web-shop.ts';

/** A customer in a browser of their own, signed in. */
export interface Shopper {
  readonly userId: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly expectedErrors: RegExp[];
}

interface ShopperOptions extends Visit {
  /** What the wallet holds. */
  readonly balance?: number;
  /** What the cart holds: quantities by product. */
  readonly cart?: Readonly<Record<string, number>>;
}

type Visitor = Awaited<ReturnType<typeof visit>>;

export const PASSWORD = 'correct horse battery';

/** Signs a browser up as a new user, or in as a sample user of the demonstration. */
export const signInAs = async (
  { url }: WebShop,
  context: BrowserContext,
  sample?: 'customer' | 'operator',
): Promise<string> => {
  const headers = { origin: url };
  const data = { name: 'Kim Moa', email: `${v7()}@shop.example`, password: PASSWORD };
  const answer = await (sample === undefined
    ? context.request.post('/auth/sign-up/email', { headers, data })
    : context.request.post('/auth/demo', { headers, data: { as: sample } }));
  if (!answer.ok()) throw new Error(`signing in was answered ${await answer.text()}`);
  const { user } = (await answer.json()) as { readonly user: { readonly id: string } };
  return user.id;
};

/** The sample operator in a browser of their own, at a page, in English. */
export const newOperator = async (shop: WebShop, path: string): Promise<Visitor> => {
  const visitor = await visit(shop.browser, shop.url, { locale: 'en-US' });
  await signInAs(shop, visitor.context, 'operator');
  await visitor.page.goto(path);
  return visitor;
};

/** A new customer, signed in, with a charged wallet and a filled cart. English by default. */
export const newShopper = async (
  shop: WebShop,
  { balance = 0, cart = {}, ...options }: ShopperOptions = {},
): Promise<Shopper> => {
  const { api, browser, url } = shop;
  const visitor = await visit(browser, url, { locale: 'en-US', ...options });
  const userId = await signInAs(shop, visitor.context);
  // As the first call of the pages does.
  expectStatus(201, await api.put(`/v1/users/${userId}`, {}));
  if (balance > 0)
    expectStatus(201, await api.post(`/v1/users/${userId}/wallet/charges`, { amount: balance }));
  for (const [productId, quantity] of Object.entries(cart))
    await setCartItem(shop, userId, productId, quantity);
  return { ...visitor, userId };
};

const setCartItem = async (
  { api }: WebShop,
  userId: string,
  productId: string,
  quantity: number,
): Promise<Answer> =>
  expectStatus(200, await api.put(`/v1/users/${userId}/cart/items/${productId}`, { quantity }));

interface NewProduct {
  readonly name: string;
  readonly price: number;
  readonly stock: number;
}

/** Creates a product and returns its id. */
export const addProduct = async ({ api }: WebShop, product: NewProduct): Promise<string> =>
  String(expectStatus(201, await api.post('/v1/products', product)).body['productId']);

/** An order of a user, as the API answers it. */
interface OrderOf {
  readonly orderId: string;
  readonly status: string;
  readonly total: number;
}

export const ordersOf = async ({ api }: WebShop, userId: string): Promise<readonly OrderOf[]> =>
  expectStatus(200, await api.get(`/v1/users/${userId}/orders`)).body['items'] ?? [];

/** The payments of a user's wallet, newest first. */
export const paymentsOf = async ({ api }: WebShop, userId: string): Promise<readonly number[]> => {
  const { body } = expectStatus(200, await api.get(`/v1/users/${userId}/wallet/entries`));
  const entries: readonly { kind: string; amount: number }[] = body['items'] ?? [];
  return entries.filter(({ kind }) => kind === 'payment').map(({ amount }) => amount);
};
