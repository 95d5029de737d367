import { resolve } from 'node:path';
import {
  countProducts,
  descriptions,
  findAnyProduct,
  products as goods,
  type ProductCreated,
} from './catalog/index.ts';
import { accept, clientKey, create, lock } from './commit/index.ts';
import type { Config } from './config.ts';
import { newId } from './database/ids.ts';
import { DEMO_PRODUCTS } from './demo/products.ts';
import { eventsOfSales, lockBuyers, openedWith, planSales } from './demo-sales.ts';
import { uploadDrawings } from './demo/upload.ts';
import { issueToken, loadSigningKey } from './identity/index.ts';
import { orders } from './order/index.ts';
import { SAMPLE_USERS } from './sign-in/index.ts';
import type { System, SystemSettings } from './system.ts';
import { wallets } from './wallet/index.ts';

const DEMO_USER = SAMPLE_USERS.customer.userId;
const DEMO_BALANCE = 100_000;
const DAY_SECONDS = 86_400;

/**
 * Fills a new shop with sample products, a sample customer and the first sales, all or nothing,
 * after the drawings, and once even if several services start together. Does not change a shop that
 * has or had a product.
 */
export const fillDemo = async (
  { reads, commit }: System,
  { currency, balanceMax }: SystemSettings,
): Promise<void> => {
  if ((await countProducts(reads))?.count !== 0) return;
  const userId = DEMO_USER;
  const amount = Math.min(DEMO_BALANCE, balanceMax);
  const customer = openedWith(userId, amount);
  const pictures = await uploadDrawings(
    reads,
    DEMO_PRODUCTS.map(([, , , , picture]) => picture),
  );
  const products = DEMO_PRODUCTS.map(([name, price, stock, description], index): ProductCreated => {
    const productId = newId();
    const imageUrl = pictures[index] ?? null;
    const data = { productId, name, price, stock, description, imageUrl };
    return { type: 'product.created.v1', subject: productId, data };
  });
  const productIds = products.map(({ subject }) => subject);
  const sales = planSales(products, { currency, balanceMax });
  const orderIds = sales.flatMap((sale) => sale.orders.map(({ orderId }) => orderId));
  await commit.submit({
    operation: 'fillDemo',
    key: clientKey('moa', 'demo', currency),
    locks: [
      create(orders, orderIds),
      lock(wallets, [userId]),
      lockBuyers,
      create(goods, productIds),
      create(descriptions, productIds),
    ],
    decide: (rows, time) => {
      const known = rows.get(wallets, userId) !== undefined;
      const first = known ? [] : customer;
      return accept([...first, ...products, ...eventsOfSales(sales, rows, time)]);
    },
  });
};

/** What a browser can open once the service listens. */
export const places = (url: string): readonly (readonly [name: string, address: string])[] => [
  ['Shop', `${url}/`],
  ['Console', `${url}/console`],
  ['Documentation', `${url}/docs`],
];

/** The text that the terminal shows once the service listens. */
export const welcome = async (
  { reads }: Pick<System, 'reads'>,
  url: string,
  { dataDirectory, databaseUrl, tokenSource }: Config,
): Promise<string> => {
  const place = databaseUrl === undefined ? resolve(dataDirectory) : 'the database of DATABASE_URL';
  const lines = [
    '',
    ...places(url).map(([name, address]) => `  ${name.padEnd(15)} ${address}`),
    `  Data            ${place}`,
  ];
  const product = await findAnyProduct(reads);
  if (tokenSource.kind === 'own' && product !== undefined) {
    const key = await loadSigningKey(tokenSource);
    const claims = { role: 'customer', userId: DEMO_USER, expiresInSeconds: DAY_SECONDS } as const;
    lines.push('', `  Buy one ${product.name} as the sample customer:`, '');
    lines.push(
      `curl -s ${url}/v1/checkout -H 'Authorization: Bearer ${await issueToken(key, claims)}' ` +
        `-H "Idempotency-Key: $(date +%s)" -H 'Content-Type: application/json' ` +
        `-d '{"userId":"me","items":[{"productId":"${product.productId}","quantity":1}]}'`,
    );
  }
  return `${lines.join('\n')}\n\n`;
};
