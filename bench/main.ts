import { parseArgs } from 'node:util';
import { benchCheckout } from './checkout.ts';
import { renderReport } from './report.ts';

const USAGE = `Measures paid orders over HTTP against the textbook way in the same run.

  npm run bench
  npm run bench -- --seconds 10 --rounds 3

  --seconds   how long each measurement takes (5)
  --rounds    how often each is repeated; the best of each engine counts (3)
`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else {
  const result = await benchCheckout({
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    loneOrders: 500,
    log: console.error,
  });
  console.log(renderReport(result));
}
