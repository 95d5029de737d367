// Generated from queries.sql by "npm run generate". Do not edit.
import { one, toBoolean } from '../../database/statement.ts';

export interface FindSeedStateRow {
  readonly xactId: string;
  readonly hasOrders: boolean;
  readonly isAlone: boolean;
}

/**
 * Assigns the transaction's id before it takes a position in the journal, which the journal's
 * readers rely on. Of two concurrent seeds of a database, only one is alone.
 */
export const findSeedState = one<{ readonly key: number }, FindSeedStateRow>({
  name: 'cli.seed.FindSeedState',
  text: `select
  pg_current_xact_id() as "xact_id!", exists (select from orders.orders) as "has_orders!",
  pg_try_advisory_xact_lock($1::bigint) as "is_alone!"`,
  encode: (params) => [params.key],
  decode: (r) => ({ xactId: r[0]!, hasOrders: toBoolean(r[1]!), isAlone: toBoolean(r[2]!) }),
});
