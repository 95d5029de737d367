// Generated from queries.sql by "npm run generate". Do not edit.
import { exec, one } from '../database/statement.ts';

export const saveName = exec<{ readonly userId: string; readonly name: string }>({
  name: 'identity.SaveName',
  text: `insert into identity.profiles (user_id, name) values ($1, $2)
on conflict (user_id) do update set name = excluded.name`,
  encode: (params) => [params.userId, params.name],
});

export interface FindNameRow {
  readonly name: string;
}

export const findName = one<{ readonly userId: string }, FindNameRow>({
  name: 'identity.FindName',
  text: `select name from identity.profiles where user_id = $1`,
  encode: (params) => [params.userId],
  decode: (r) => ({ name: r[0]! }),
});
