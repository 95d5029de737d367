import { resolve } from 'node:path';
import { findSigningKey, type SigningKeyPlace } from '../identity/index.ts';
import { CommandError } from './command.ts';

/** Finds a service's signing key; throws without one: no service accepts tokens of a new key. */
export const requireSigningKey = async (place: SigningKeyPlace) => {
  const key = await findSigningKey(place);
  if (key !== undefined) return key;
  throw new CommandError(
    `There is no key in ${place.file ?? resolve(place.directory)}, so no service would accept ` +
      'the token. Start the service there, set MOA_DATA_DIR or MOA_SIGNING_KEY_FILE as for the ' +
      'service, or make a key with `npm run token -- --new-key`.',
  );
};
