import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { openPool } from '../database/session.ts';
import { createSigner, findLogKey, readLogOrigin } from '../log/index.ts';
import {
  parseVerifierKey,
  verifyReceipt,
  type Fault,
  type Verdict,
  type Verifier,
} from '../receipt/index.ts';
import { withSharedDatabase } from './command-database.ts';
import { CommandError, UsageError, runCommand } from './command.ts';

const USAGE = `Checks receipts of orders, and prints the key that verifies them.

  npm run --silent receipt -- key > shop.vkey
  npm run receipt -- verify FILE --key shop.vkey

key      prints the verifier key of this installation's transparency log, to publish
verify   checks a file that GET /v1/orders/{orderId}/receipt answered; needs no database

  --key   the verifier key (name+id+key), or a file that has it

Exits with code 0 if the receipt is genuine, with 2 if it is not, and with 1 if it was not checked.
`;

const EXIT_REJECTED = 2;

const printKey = async (): Promise<void> => {
  const config = readConfig(process.env);
  const key = await findLogKey(config.logKey);
  if (key === undefined) {
    throw new CommandError(
      `There is no key of a log in ${resolve(config.dataDirectory)}. Start the service there, or set ` +
        'MOA_DATA_DIR or MOA_LOG_KEY_FILE as for the service.',
    );
  }
  await withSharedDatabase(config, async (url) => {
    const pool = openPool(url, 1);
    try {
      const origin = await readLogOrigin(pool, config);
      console.log(createSigner(origin, key).verifier.text);
    } finally {
      await pool.end();
    }
  });
};

const read = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`cannot read ${path}: ${error.message}`);
  });

/** The key itself, or the key in a file. */
const findKey = async (given: string): Promise<Verifier> => {
  const verifier =
    (await parseVerifierKey(given)) ?? (await parseVerifierKey((await read(given)).trim()));
  if (verifier === undefined) throw new CommandError(`${given} has no verifier key`);
  return verifier;
};

const describe = (
  { event, origin, treeSize }: Verdict & { kind: 'genuine' },
  { fingerprint }: Verifier,
): string => {
  const { orderId, userId, items, total, currency } = event.data;
  return [
    'The receipt is genuine.',
    `  order     ${orderId} of ${userId}`,
    `  paid      ${event.time}`,
    ...items.map(
      ({ name, quantity, unitPrice, lineTotal }) =>
        `  line      ${quantity} × ${unitPrice} = ${lineTotal}  ${JSON.stringify(name)}`,
    ),
    `  total     ${total} ${currency}, in the minor unit`,
    `  event     ${event.id}`,
    `  log       ${origin}, ${treeSize} events`,
    `  key       SHA-256 ${fingerprint}`,
  ].join('\n');
};

const REASONS: Readonly<Record<Fault, (verifier: Verifier) => string>> = {
  not_a_receipt: () => 'the file is not a receipt',
  not_signed: ({ text }) => `the checkpoint is not signed by the key ${text}`,
  not_included: () => 'the signed log does not have this event at this place',
  not_a_payment: () => 'the event is not the payment of an order',
};

const verify = async (path: string, key: string): Promise<void> => {
  const verifier = await findKey(key);
  const verdict = await verifyReceipt(await read(path), verifier);
  if (verdict.kind === 'genuine') {
    console.log(describe(verdict, verifier));
    return;
  }
  console.error(`The receipt is NOT genuine: ${REASONS[verdict.fault](verifier)}.`);
  process.exitCode = EXIT_REJECTED;
};

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    options: { key: { type: 'string' }, help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [command, file, ...rest] = positionals;
  if (values.help) console.log(USAGE);
  else if (command === 'key' && file === undefined) await printKey();
  else if (command === 'verify' && file !== undefined && rest.length === 0) {
    if (values.key === undefined) throw new UsageError('--key is needed');
    await verify(file, values.key);
  } else throw new UsageError('name what to do: key, or verify and a file');
});
