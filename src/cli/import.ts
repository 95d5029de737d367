import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { issueToken } from '../identity/index.ts';
import { CommandError, UsageError, runCommand } from './command.ts';
import { readLines } from './import/lines.ts';
import { importProducts } from './import/products.ts';
import { createService } from './import/service.ts';
import { createProgress } from './progress.ts';
import { requireSigningKey } from './signing-key.ts';

const USAGE = `Creates products from a CSV file, in the running service.

  npm run import -- products FILE.csv
  npm run import -- products FILE.csv --update

The first line names the columns: name, price, stock, and if wanted description, imageUrl, sku.
A price is a whole number in the minor unit of MOA_CURRENCY: 12.99 dollars are 1299.
A line whose sku a product has is refused, so the same file can be imported again. Lines without a
sku are created again each time. Refused lines are printed with their number and the reason, and
the exit code is then 1.

  --update      change the product that has the sku of a line: all columns but the stock
  --encoding    the encoding of the file, for example euc-kr (utf-8)
  --url         the address of the service (HOST and PORT)
  --token-file  a file with a token for staff or a service (a token of the service's key)
`;

/** Longer than any import. */
const TOKEN_SECONDS = 86_400;

const readArguments = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      update: { type: 'boolean', default: false },
      encoding: { type: 'string', default: 'utf-8' },
      url: { type: 'string' },
      'token-file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const [kind, path, ...rest] = positionals;
  if (kind !== 'products' || path === undefined || rest.length > 0) {
    throw new UsageError('one file of products is needed');
  }
  if (values.url !== undefined && !/^https?:/.test(values.url)) {
    throw new UsageError('--url must begin with http:// or https://');
  }
  return { ...values, path, encoding: encodingOf(values.encoding) };
};

const encodingOf = (label: string): string => {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw new UsageError(`--encoding ${label} is not known`);
  }
};

const tokenOf = async (tokenFile: string | undefined): Promise<string> => {
  if (tokenFile !== undefined) return (await readFile(tokenFile, 'utf8')).trim();
  const { tokenSource } = readConfig(process.env);
  if (tokenSource.kind === 'provider') {
    throw new UsageError('MOA_JWKS_URL is set: --token-file is needed');
  }
  const claims = { role: 'staff', userId: 'staff', expiresInSeconds: TOKEN_SECONDS } as const;
  return issueToken(await requireSigningKey(tokenSource), claims);
};

await runCommand(USAGE, async () => {
  const options = readArguments();
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const { localUrl } = readConfig(process.env);
  const { path, encoding, update, url = localUrl } = options;
  const service = createService(url, await tokenOf(options['token-file']));
  const file = await stat(path).catch(() => undefined);
  if (file === undefined) throw new CommandError(`there is no file ${path}`);
  const onRefused = ({ line, reason }: { line: number; reason: string }): void =>
    console.log(`line ${line}: ${reason}`);
  const lines = readLines(path, encoding, createProgress(file.size));
  const { created, updated, refused } = await importProducts(lines, service, { update, onRefused });
  console.log(`${created} created, ${updated} changed, ${refused} refused`);
  if (refused > 0) process.exitCode = 1;
});
