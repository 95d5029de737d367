import type { Route } from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { movementRoute } from './movement-routes.ts';

/** The routes that explain figures from the journal. */
export const historyRoutes = (db: Queryable): Route[] => [movementRoute(db)];
