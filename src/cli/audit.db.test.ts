import { expect, test } from 'vitest';
import { startTestAuditor } from '../../test/support/auditor.ts';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { runCommand } from '../../test/support/run-command.ts';

interface Result {
  readonly code: number | null;
  readonly output: { readonly holds: boolean; readonly findings: readonly object[] };
}

/** Runs the command on a database, and parses its output. */
const audit = async (url: string, ...options: string[]): Promise<Result> => {
  const { exitCode, stdout } = await runCommand('audit', ['--json', ...options], {
    DATABASE_URL: url,
  });
  return { code: exitCode, output: JSON.parse(stdout) as Result['output'] };
};

test('the command prints JSON and exits with 1 on a violation, of everything or since the proof', async () => {
  const shop = await openDeliveryShop();
  await shop.buy(2);
  const auditor = startTestAuditor(shop.url);
  await auditor.prove();
  await auditor.stop();
  await shop.buy(1);
  expect(await audit(shop.url)).toMatchObject({ code: 0, output: { holds: true } });
  const since = await audit(shop.url, '--since-proven');
  expect(since).toMatchObject({ code: 0, output: { holds: true, events: 1, violations: [] } });

  await queryColumn(shop.url, 'update wallet.wallets set balance = balance + 1');
  const { code, output } = await audit(shop.url);
  expect({ code, holds: output.holds }).toEqual({ code: 1, holds: false });
  expect(await audit(shop.url, '--since-proven')).toMatchObject({
    code: 1,
    output: { holds: false, violations: [{ invariants: ['W2', 'W3', 'J1'] }] },
  });
});
