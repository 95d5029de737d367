// Generated from queries.sql by "npm run generate". Do not edit.
import { exec, one, toDate } from '../database/statement.ts';

export const saveName = exec<{ readonly userId: string; readonly name: string }>({
  name: 'identity.SaveName',
  text: `insert into identity.profiles (user_id, name) values ($1, $2)
on conflict (user_id) do update set name = excluded.name`,
  encode: (params) => [params.userId, params.name],
});

export interface FindUserRow {
  readonly userId: string;
  readonly name: string | null;
  readonly createdAt: Date;
}

/** A user exists once they have a wallet; a name is optional. */
export const findUser = one<{ readonly userId: string }, FindUserRow>({
  name: 'identity.FindUser',
  text: `select w.user_id, p.name as "name?", w.created_at
from wallet.wallets w
left join identity.profiles p on p.user_id = w.user_id
where w.user_id = $1`,
  encode: (params) => [params.userId],
  decode: (r) => ({ userId: r[0]!, name: r[1] ?? null, createdAt: toDate(r[2]!) }),
});
