import { v7 } from 'uuid';
import { DEMO_PRODUCTS, decideCreate, hasProducts } from './catalog/index.ts';
import { serverKey, type GroupCommit } from './commit/index.ts';
import type { Refusal } from './contract/index.ts';
import type { Queryable } from './database/statement.ts';
import type { Users } from './identity/index.ts';
import type { Event } from './journal/index.ts';

export const DEMO_USER = 'demo';

/** Fills a new shop with sample products and a sample customer; does nothing where there are products. */
export const fillDemo = async (
  on: Queryable,
  commit: GroupCommit<Event, Refusal>,
  users: Users,
  currency: string,
): Promise<void> => {
  if (await hasProducts(on)) return;
  await users.register(DEMO_USER);
  const creations = DEMO_PRODUCTS.map(([name, price, stock, description]) => {
    const product = { productId: v7(), name, price, stock, description, imageUrl: null };
    return commit.submit({
      operation: 'createProduct',
      key: serverKey(),
      locks: [],
      decide: () => decideCreate(product, currency),
    });
  });
  await Promise.all(creations);
};
