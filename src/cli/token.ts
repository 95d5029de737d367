import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../config.ts';
import { ROLES, isUserId } from '../contract/index.ts';
import { issueToken, loadSigningKey } from '../identity/index.ts';
import { UsageError, runCommand } from './command.ts';
import { requireSigningKey } from './signing-key.ts';

const USAGE = `Prints a token for the service with this key (MOA_DATA_DIR or MOA_SIGNING_KEY_FILE).

  npm run token -- --role staff
  npm run token -- --role service
  npm run token -- --role customer --user alice

  --role   staff, service or customer
  --user   the user id of the token; needed for a customer
  --days   the token's lifetime in days, 1 to 365 (30)

  --new-key   makes the key that signs tokens if no service has started on the data directory
`;

const DAY_SECONDS = 86_400;

const readArguments = () => {
  const { values } = parseArgs({
    options: {
      role: { type: 'string' },
      user: { type: 'string' },
      days: { type: 'string', default: '30' },
      'new-key': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const role = ROLES.find((known) => known === values.role);
  if (role === undefined) throw new UsageError(`--role must be one of ${ROLES.join(', ')}`);
  const userId = values.user ?? (role === 'customer' ? undefined : role);
  if (userId === undefined) throw new UsageError('--user is needed for a customer');
  if (!isUserId(userId)) {
    throw new UsageError('--user must be 1 to 64 letters, digits, _ or -, and not "me"');
  }
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > 365) {
    throw new UsageError('--days must be a whole number from 1 to 365');
  }
  const claims = { role, userId, expiresInSeconds: days * DAY_SECONDS };
  return { claims, mayCreateKey: values['new-key'] };
};

await runCommand(USAGE, async () => {
  const options = readArguments();
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const { tokenSource } = readConfig(process.env);
  if (tokenSource.kind === 'provider') {
    throw new ConfigError('MOA_JWKS_URL is set: the identity provider issues the tokens.');
  }
  const findKey = options.mayCreateKey ? loadSigningKey : requireSigningKey;
  console.log(await issueToken(await findKey(tokenSource), options.claims));
});
