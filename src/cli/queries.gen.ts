// Generated from queries.sql by "npm run generate". Do not edit.
import { many } from '../database/statement.ts';

export interface FindOthersRow {
  readonly name: string;
}

/** The programs that use this database, without this connection and PostgreSQL's own processes. */
export const findOthers = many<void, FindOthersRow>({
  name: 'cli.FindOthers',
  text: `select distinct application_name as "name!"
from pg_stat_activity
where datname = current_database() and usename is not null and pid <> pg_backend_pid()`,
  encode: () => [],
  decode: (r) => ({ name: r[0]! }),
});
