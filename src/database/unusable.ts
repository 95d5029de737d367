import type { Client } from 'pg';
import { codeOf } from './unreachable.ts';

/** The database cannot be used by this version or with this configuration; the message says why. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
}

/** Connects; throws `UnusableDatabase` with the reason, be it the address, a password or a name. */
export const connectOrExplain = async (client: Client): Promise<void> => {
  try {
    await client.connect();
  } catch (error) {
    // After its own error pg leaves the connection open, until PostgreSQL closes it after a minute.
    client.connection.stream.destroy();
    throw new UnusableDatabase(`${startOf(error)}: ${reasonOf(error)}`, { cause: error });
  }
};

/** SQLSTATE 42501, insufficient_privilege: PostgreSQL documentation, appendix A. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** Names the privilege that the role lacks (as `UnusableDatabase`); other errors stay as they are. */
export const explainPrivilege = (error: unknown): unknown =>
  codeOf(error) === INSUFFICIENT_PRIVILEGE
    ? new UnusableDatabase(
        'The role of DATABASE_URL must be allowed to create schemas and tables: ' + reasonOf(error),
        { cause: error },
      )
    : error;

/** What the operator has to correct, by SQLSTATE. */
const STARTS: ReadonlyMap<string | undefined, string> = new Map([
  ['28P01', 'The database rejects the password of DATABASE_URL'], // invalid_password
  ['28000', 'The database rejects the role of DATABASE_URL'], // invalid_authorization_specification
  ['3D000', 'The database of DATABASE_URL does not exist'], // invalid_catalog_name
  ['42501', 'The role of DATABASE_URL may not connect to the database'],
]);

const startOf = (error: unknown): string =>
  STARTS.get(codeOf(error)) ?? 'The database cannot be reached';

/** An error about several addresses has a code but no message. */
const reasonOf = (error: unknown): string =>
  (error as Error).message || codeOf(error) || String(error);
