import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { temporaryDirectory } from '../../test/support/service.ts';

const run = (options: readonly string[], environment?: Readonly<Record<string, string>>) =>
  runCommand('rebuild', options, environment);

test('it rebuilds the best sellers and the sales report, and shows its progress', async () => {
  const url = await createTestDatabase();
  await queryColumn(
    url,
    `insert into journal.events (event_id, type, subject, time, data)
     select gen_random_uuid(), 'order.paid.v1', 'order', now(), json_build_object('items',
       json_build_array(json_build_object(
         'productId', gen_random_uuid(), 'quantity', 2, 'lineTotal', 20)))
     from generate_series(1, 6000)`,
  );
  const { exitCode, stdout, stderr } = await run(['best-sellers'], { DATABASE_URL: url });
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/^best sellers of 6000 events, in \d+\.\d s\n$/),
  ]);
  expect(stderr.split('\n').filter(Boolean)).toEqual([' 30 %', ' 60 %', '100 %']);
  const units = 'select sum(units) from bestseller.sales where build = 2';
  expect(await queryColumn(url, units)).toEqual(['12000']);

  // Nothing is recorded, so whatever the report has is wrong.
  await queryColumn(
    url,
    "insert into report.totals select now() - interval '1 day', 1, 1, 1, 1, 1",
  );
  const report = await run(['sales-report'], { DATABASE_URL: url });
  expect(report.exitCode).toBe(0);
  expect(report.stdout).toMatch(/^sales report of [34] days, in \d+\.\d s\n$/);
  expect(await queryColumn(url, 'select count(*) from report.totals')).toEqual(['0']);
});

test('invalid options and a missing database are errors', async () => {
  const environment = { MOA_DATA_DIR: await temporaryDirectory() };
  const wrong = await Promise.all([run([], environment), run(['constructor'], environment)]);
  for (const { exitCode, stderr } of wrong) {
    expect(exitCode).toBe(1);
    expect(stderr).toContain('npm run rebuild -- best-sellers');
  }
  const { exitCode, stderr } = await run(['best-sellers'], environment);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('There is no database in');
  expect(stderr).not.toContain('    at ');
});

test('a database that lacks migrations is not migrated beside the service that runs on it', async () => {
  const url = await createTestDatabase('empty');
  const refused = await Promise.all([
    run(['best-sellers'], { DATABASE_URL: url }),
    runCommand('staff', ['list'], { DATABASE_URL: url }),
  ]);
  for (const { exitCode, stderr } of refused) {
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^The database lacks 000001_\S+, .*\. Start the service of this version/,
    );
  }
  const schemas = "select nspname from pg_namespace where nspname = 'moa'";
  expect(await queryColumn(url, schemas)).toEqual([]);
});
