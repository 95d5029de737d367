import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { withClient as withOwnClient } from '../database/client.ts';
import { SESSION_OPTIONS } from '../database/session.ts';
import { codeOf } from '../database/unreachable.ts';
import { UnusableDatabase } from '../database/unusable.ts';
import { urlOfDatabase } from '../database/urls.ts';
import { endOtherConnections } from './queries.gen.ts';

/** A database that was created for one run. */
interface OwnDatabase {
  readonly name: string;
  readonly url: string;
  /** Ends the connections to it and drops it. */
  readonly drop: () => Promise<void>;
}

/** SQLSTATE 42501, insufficient_privilege, and 55006, object_in_use. */
const INSUFFICIENT_PRIVILEGE = '42501';
const OBJECT_IN_USE = '55006';

/** PostgreSQL itself waits five seconds for the worker of an autovacuum each time. */
const DROP_ATTEMPTS = 6;
const DROP_AGAIN_MS = 500;

/**
 * Creates a database beside that of `serverUrl`, owned by its role. From `template0`, so that the
 * run depends on nobody's template. Throws `UnusableDatabase` when the role lacks the right.
 */
export const createOwnDatabase = async (serverUrl: string): Promise<OwnDatabase> => {
  const name = `moa_verify_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, async (client) => {
    try {
      await client.query(
        `create database ${name} template template0 encoding 'UTF8'
         locale_provider libc locale 'C'`,
      );
    } catch (error) {
      throw codeOf(error) === INSUFFICIENT_PRIVILEGE ? await explainRight(client, error) : error;
    }
  });
  return { name, url: urlOfDatabase(serverUrl, name), drop: () => dropDatabase(serverUrl, name) };
};

const explainRight = async (client: Client, cause: unknown): Promise<UnusableDatabase> => {
  const { rows } = await client.query<{ role: string }>('select current_user as role');
  const role = client.escapeIdentifier(rows[0]?.role ?? '');
  return new UnusableDatabase(
    `The role of DATABASE_URL lacks the right CREATEDB, so it cannot create a database of its own ` +
      `for this run. Grant the right (ALTER ROLE ${role} CREATEDB), set DATABASE_URL to a role ` +
      'that has it, or unset DATABASE_URL to use an embedded PostgreSQL.',
    { cause },
  );
};

const dropDatabase = (serverUrl: string, name: string): Promise<void> =>
  withClient(serverUrl, async (client) => {
    for (let attempt = 1; ; attempt++) {
      await endOtherConnections(client, { database: name });
      try {
        await client.query(`drop database if exists ${name}`);
        return;
      } catch (error) {
        if (codeOf(error) !== OBJECT_IN_USE || attempt === DROP_ATTEMPTS) throw error;
        await delay(DROP_AGAIN_MS);
      }
    }
  });

/** Connects under a name that the cuts spare. */
export const withClient = <Result>(
  url: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const config = {
    connectionString: url,
    options: SESSION_OPTIONS,
    application_name: 'moa verify',
  };
  return withOwnClient(config, use);
};
