import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { ConfigError, readConfig } from '../config.ts';
import { openPool } from '../database/session.ts';
import { requirePrepared } from '../prepare-database.ts';
import {
  EMAIL,
  PASSWORD_LENGTH,
  addStaff,
  listStaff,
  removeStaff,
  type Added,
  type Removed,
} from '../sign-in/index.ts';
import { withSharedDatabase } from './command-database.ts';
import { CommandError, UsageError, runCommand } from './command.ts';

const USAGE = `Manages the staff who sign in with e-mail and password.

  npm run staff -- add kim@shop.example
  npm run staff -- list
  npm run staff -- remove kim@shop.example

  add      makes an account and prints its password once. For an address that has signed up: makes
           the account staff with a new password and ends its sessions, because whoever signed up
           with the address may not own it
  list     prints the addresses
  remove   makes the account a customer's, ends its sessions and revokes the API keys that act as
           this user; prints the other keys that this user has made, which stay valid

  --password-stdin   reads the password of "add" from standard input instead

The database is that of DATABASE_URL, or else the embedded database in MOA_DATA_DIR, beside a
running service or without one.
`;

const CONNECTIONS = 1;
const COMMANDS = ['add', 'list', 'remove'] as const;

const readArguments = () => {
  const { values, positionals } = parseArgs({
    options: {
      'password-stdin': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return undefined;
  const [named, address, ...rest] = positionals;
  const command = COMMANDS.find((each) => each === named);
  if (command === undefined || rest.length > 0) {
    throw new UsageError(`name one command: ${COMMANDS.join(', ')}`);
  }
  if ((address === undefined) !== (command === 'list')) {
    throw new UsageError('"add" and "remove" need one e-mail address, "list" needs none');
  }
  const email = (address ?? '').toLowerCase();
  if (command !== 'list' && !EMAIL.test(email)) {
    throw new UsageError(`"${email}" is not an e-mail address`);
  }
  return { command, email, readsPassword: values['password-stdin'] };
};

const readPassword = async (): Promise<string> => {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const { min, max } = PASSWORD_LENGTH;
  if (password.length >= min && password.length <= max) return password;
  throw new CommandError(`the password must have ${min} to ${max} characters`);
};

const describe = (email: string, added: Added, isChosen: boolean): string => {
  if (added.kind === 'raised by provider') return `${email} is staff and signs in as before`;
  const change =
    added.kind === 'created' ? 'can sign in as staff' : 'is staff; sessions have ended';
  return isChosen ? `${email} ${change}` : `${email} ${change}. The password is ${added.password}`;
};

const describeRemoval = (email: string, { revoked, left }: Removed): string =>
  [
    `${email} is no longer staff; sessions have ended, API keys revoked: ${revoked}`,
    ...(left.length === 0
      ? []
      : ['Keys that this user has made stay valid until they are revoked:']),
    ...left.map(({ apiKeyId, prefix, role, name }) => `${apiKeyId}  ${prefix}…  ${role}  ${name}`),
  ].join('\n');

const run = async (
  db: Pool,
  { command, email, readsPassword }: NonNullable<ReturnType<typeof readArguments>>,
): Promise<void> => {
  switch (command) {
    case 'add': {
      const chosen = readsPassword ? await readPassword() : undefined;
      console.log(describe(email, await addStaff(db, { email, chosen }), readsPassword));
      return;
    }
    case 'list':
      for (const { email: address } of await listStaff(db)) console.log(address);
      return;
    case 'remove': {
      const removed = await removeStaff(db, email);
      if (removed === undefined) throw new CommandError(`${email} is not staff`);
      console.log(describeRemoval(email, removed));
    }
  }
};

await runCommand(USAGE, async () => {
  const options = readArguments();
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const config = readConfig(process.env);
  if (config.signIn === undefined) {
    throw new ConfigError('MOA_JWKS_URL is set: the identity provider says who is staff.');
  }
  await withSharedDatabase(config, async (url) => {
    await requirePrepared(url, config);
    const db = openPool(url, CONNECTIONS);
    try {
      await run(db, options);
    } finally {
      await db.end();
    }
  });
});
