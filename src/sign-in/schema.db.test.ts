import { getMigrations } from 'better-auth/db/migration';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { openPool } from '../database/session.ts';
import { optionsOf } from './better-auth.ts';

test("Moa's migrations make every table and column that better-auth uses", async () => {
  const db = openPool(await createTestDatabase(), 1);
  onTestFinished(() => db.end());
  const options = optionsOf({
    db,
    secret: 'x'.repeat(32),
    publicUrl: 'http://127.0.0.1:3000',
    rateLimit: true,
    demo: true,
    provider: undefined,
    isSecure: false,
    onNotice: () => undefined,
  });
  const { toBeCreated, toBeAdded } = await getMigrations(options);
  expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
});
