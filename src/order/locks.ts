import { products } from '../catalog/core.ts';
import { lock, type Rows } from '../commit/index.ts';
import { buyers, orders } from './tables.ts';

/** The locks of an order's commands: the order, its owner's rows and its products. */
export const locksOfOrder = (orderId: string) => {
  const order = (rows: Rows) => rows.get(orders, orderId);
  const owner = (rows: Rows): string[] => {
    const userId = order(rows)?.userId;
    return userId === undefined ? [] : [userId];
  };
  return {
    order: lock(orders, [orderId]),
    owner,
    buyer: lock(buyers, owner),
    products: lock(products, (rows) => order(rows)?.lines.map(({ productId }) => productId) ?? []),
  };
};
