import { parseArgs } from 'node:util';
import { benchCheckout } from './checkout.ts';
import { renderReport } from './report.ts';

const USAGE = `Measures Moa against the plain way of doing the same, in the same run.

  npm run bench                     paid orders over HTTP against one transaction for each order
  npm run bench -- --seconds 10 --rounds 5

  --seconds   how long each measurement takes (5)
  --rounds    how often each is repeated; the median counts (3)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});

const BENCHES: Readonly<Record<string, () => Promise<string>>> = {
  checkout: async () =>
    renderReport(
      await benchCheckout({
        seconds: Number(values.seconds),
        rounds: Number(values.rounds),
        loneOrders: 500,
        size: 1_000,
        log: console.error,
      }),
    ),
};

const bench = BENCHES[positionals[0] ?? 'checkout'];
if (values.help || bench === undefined) console.log(USAGE);
else console.log(await bench());
