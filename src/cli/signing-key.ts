import { resolve } from 'node:path';
import { findSigningKey, type SigningKeyPlace } from '../identity/index.ts';
import { CommandError } from './command.ts';

/** The key of a service; throws where there is none, because a new key would be no service's. */
export const requireSigningKey = async (place: SigningKeyPlace) => {
  const key = await findSigningKey(place);
  if (key !== undefined) return key;
  throw new CommandError(
    `There is no key in ${place.file ?? resolve(place.directory)}, so no service would accept ` +
      'the token. Start the service there, set MOA_DATA_DIR or MOA_SIGNING_KEY_FILE as for the ' +
      'service, or make a key with `npm run token -- --new-key`.',
  );
};
