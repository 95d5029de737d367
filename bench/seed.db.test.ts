import { expect, inject, test } from 'vitest';
import { benchSeed, renderSeedReport } from './seed.ts';

test('the bench of the seed loads the same rows with COPY, audits them and prints the ratio', async () => {
  const size = { orders: 300, products: 20, days: 2 };
  const own = inject('databases')[Number(process.env['VITEST_POOL_ID']) - 1];
  const databaseUrl = own?.superuserUrl;
  const log = (): void => undefined;
  const report = renderSeedReport(await benchSeed({ ...size, databaseUrl, log }));
  expect(report).toMatch(/Speed of the seed against COPY: \d+\.\d\d ×/);
  expect(report).toMatch(/seed: 300 orders of 15 users for 20 products over 2 days/);
  expect(report).toMatch(/audit: All hold/);
});
