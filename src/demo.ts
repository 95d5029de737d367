import { resolve } from 'node:path';
import { DEMO_PRODUCTS, decideCreate, findAnyProduct } from './catalog/index.ts';
import { lock, newId, serverKey } from './commit/index.ts';
import type { Config } from './config.ts';
import { issueToken, loadSigningKey } from './identity/index.ts';
import type { System, SystemSettings } from './system.ts';
import { decideCharge, wallets } from './wallet/index.ts';

const DEMO_USER = 'demo';
const DEMO_BALANCE = 100_000;
const DAY_SECONDS = 86_400;

/**
 * Fills a new shop with sample products and a sample customer; leaves a shop that has products as
 * it is.
 */
export const fillDemo = async (
  { reads, commit, users }: System,
  { currency, balanceMax }: SystemSettings,
): Promise<void> => {
  if ((await findAnyProduct(reads)) !== undefined) return;
  await users.register(DEMO_USER);
  const amount = Math.min(DEMO_BALANCE, balanceMax);
  const charge = { userId: DEMO_USER, chargeId: newId(), amount, limit: balanceMax };
  await commit.submit({
    operation: 'chargeWallet',
    key: serverKey(),
    locks: [lock(wallets, [DEMO_USER])],
    decide: (rows, time) => decideCharge(charge, rows, time),
  });
  const creations = DEMO_PRODUCTS.map(([name, price, stock, description]) => {
    const product = { productId: newId(), name, price, stock, description, imageUrl: null };
    return commit.submit({
      operation: 'createProduct',
      key: serverKey(),
      locks: [],
      decide: () => decideCreate(product, currency),
    });
  });
  await Promise.all(creations);
};

/** What the terminal shows once the service listens. */
export const welcome = async (
  { reads }: System,
  url: string,
  { dataDirectory, databaseUrl, tokenSource }: Config,
): Promise<string> => {
  const place = databaseUrl === undefined ? resolve(dataDirectory) : 'the database of DATABASE_URL';
  const lines = [
    '',
    `  Moa listens on  ${url}`,
    `  Documentation   ${url}/docs`,
    `  Data            ${place}`,
  ];
  const product = await findAnyProduct(reads);
  if (tokenSource.kind === 'own' && product !== undefined) {
    const key = await loadSigningKey(tokenSource.directory);
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
