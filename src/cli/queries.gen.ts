// Generated from queries.sql by "npm run generate". Do not edit.
import { many } from '../database/statement.ts';

export interface FindOthersRow {
  readonly name: string;
}

/** The programs that work in this database: Moa's own, and others while they are not idle. */
export const findOthers = many<void, FindOthersRow>({
  name: 'cli.FindOthers',
  text: `select distinct application_name as "name!"
from pg_stat_activity
where
  datname = current_database() and usename is not null and pid <> pg_backend_pid()
  and (state <> 'idle' or application_name like 'moa %')`,
  encode: () => [],
  decode: (r) => ({ name: r[0]! }),
});
