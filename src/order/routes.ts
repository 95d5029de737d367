import type { GroupCommit } from '../commit/index.ts';
import type { Refusal, Route } from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { checkoutRoutes, type OrderSettings } from './checkout-routes.ts';
import { orderListRoutes } from './list-routes.ts';
import { orderActionRoutes } from './order-routes.ts';

/** The routes of orders. */
export const orderRoutes = (
  commit: GroupCommit<Event, Refusal>,
  db: Queryable,
  settings: OrderSettings,
): Route[] => [
  ...checkoutRoutes(commit, settings),
  ...orderActionRoutes(commit, settings),
  ...orderListRoutes(db, settings),
];
