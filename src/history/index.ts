import type { Pool } from 'pg';
import type { ProductHistory } from '../catalog/index.ts';
import type { Route } from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Settled } from '../journal/index.ts';
import { movementRoute } from './movement-routes.ts';
import { orderEventRoute } from './order-event-routes.ts';
import { readProductAt } from './product-at.ts';

/** The routes that explain figures from the journal. */
export const historyRoutes = (db: Queryable): Route[] => [movementRoute(db), orderEventRoute(db)];

/** Reads products of a past time. */
export const createProductHistory = (db: Pool, settled: Settled): ProductHistory => ({
  settled,
  findProductAt: (productId, at, signal) => readProductAt(db, productId, at, signal),
});
