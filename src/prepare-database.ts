import type { Config } from './config.ts';
import { migrate, requireMigrated, type Migration } from './database/migrate.ts';
import { requireCurrency } from './settings/index.ts';

/**
 * Makes a database ready for this version: applies the missing migrations and records the currency.
 * Throws `UnusableDatabase` when it belongs to another version, another currency or another role.
 */
export const prepareDatabase = async (
  url: string,
  { settings }: Pick<Config, 'settings'>,
  migrations?: readonly Migration[],
  onWait?: (message: string) => void,
): Promise<void> => {
  await migrate(url, migrations, onWait);
  await requireCurrency(url, settings.currency);
};

/**
 * The same for a program that runs beside services, which does not migrate: throws
 * `UnusableDatabase` when migrations are missing, too.
 */
export const requirePrepared = async (
  url: string,
  { settings }: Pick<Config, 'settings'>,
): Promise<void> => {
  await requireMigrated(url);
  await requireCurrency(url, settings.currency);
};
