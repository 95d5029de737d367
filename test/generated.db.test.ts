import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { renderClientTypes } from '../scripts/client-types/render-client-types.ts';
import { dumpSchema } from '../scripts/dump-schema.ts';
import { generateQueries } from '../scripts/generate-queries.ts';
import { isStale } from '../scripts/generated.ts';
import { renderDashboard } from '../scripts/render-dashboard.ts';
import { EVENT_CONTRACTS, renderEventContracts } from '../scripts/render-event-contracts.ts';
import { renderOpenapi } from '../scripts/render-openapi.ts';
import { createTestDatabase } from './support/database.ts';
import { listFiles } from './support/repository.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const ADVICE = 'run "npm run generate" and commit what it writes';

test('every queries.gen.ts is up to date', async () => {
  const databaseUrl = await createTestDatabase();
  const generated = await generateQueries({ databaseUrl, root, write: false });
  expect(generated.length).toBeGreaterThan(5);
  const stale = generated.filter(({ changed }) => changed).map(({ path }) => path);
  expect(stale, `out of date: ${ADVICE}`).toEqual([]);
});

test.for([
  ['db/schema.sql', 'the migrations', dumpSchema],
  ['contracts/openapi.json', 'the routes', renderOpenapi],
] as const)('%s matches %s', async ([path, , render]) => {
  const file = await render(await createTestDatabase());
  expect(file.path).toBe(path);
  expect(await isStale(root, file), `${path} is out of date: ${ADVICE}`).toBe(false);
});

test('the types of the client match contracts/openapi.json', async () => {
  const openapi = await readFile(join(root, 'contracts/openapi.json'), 'utf8');
  const file = await renderClientTypes(openapi);
  expect(file.path).toBe('clients/typescript/src/openapi.gen.ts');
  expect(await isStale(root, file), `${file.path} is out of date: ${ADVICE}`).toBe(false);
});

test('contracts/events has exactly the current schemas of the events', async () => {
  const files = renderEventContracts();
  expect((await listFiles(EVENT_CONTRACTS)).sort()).toEqual(files.map(({ path }) => path).sort());
  const checked = files.map(async (file) => ((await isStale(root, file)) ? [file.path] : []));
  expect((await Promise.all(checked)).flat(), `out of date: ${ADVICE}`).toEqual([]);
});

test('the dashboard matches its charts', async () => {
  const file = renderDashboard();
  expect(await isStale(root, file), `${file.path} is out of date: ${ADVICE}`).toBe(false);
});
