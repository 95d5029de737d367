// Generated from queries.sql by "npm run generate". Do not edit.
import { exec, one } from '../database/statement.ts';

/** Only the first start inserts the row; of several that start together, one does. */
export const recordCurrency = exec<{ readonly currency: string }>({
  name: 'settings.RecordCurrency',
  text: `insert into moa.settings (currency)
values ($1)
on conflict do nothing`,
  encode: (params) => [params.currency],
});

export interface ReadCurrencyRow {
  readonly currency: string;
}

export const readCurrency = one<void, ReadCurrencyRow>({
  name: 'settings.ReadCurrency',
  text: `select currency from moa.settings`,
  encode: () => [],
  decode: (r) => ({ currency: r[0]! }),
});

export interface ReadServerVersionRow {
  readonly version: string;
}

export const readServerVersion = one<void, ReadServerVersionRow>({
  name: 'settings.ReadServerVersion',
  text: `select current_setting('server_version') as "version!"`,
  encode: () => [],
  decode: (r) => ({ version: r[0]! }),
});
