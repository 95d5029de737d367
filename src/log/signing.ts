import type { KeyObject } from 'node:crypto';
import type { Queryable } from '../database/statement.ts';
import { signCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { createSigner, type Signer } from './note.ts';
import {
  findCheckpoint,
  findInstallation,
  signAgain,
  signEmptyTree,
  type FindCheckpointRow,
} from './queries.gen.ts';

export interface LogOptions {
  /** Names the log, as it names the source of events; by default the id of the installation. */
  readonly eventSource?: string | undefined;
  /** Loads the key that signs checkpoints. */
  readonly loadKey: () => Promise<KeyObject>;
  /** Called with a sentence when another key has signed the log before. */
  readonly onNotice?: (message: string) => void;
}

/**
 * The origin of a log: an address without scheme and without slashes at its end, as
 * c2sp.org/tlog-tiles recommends, and without a plus, which key names cannot have.
 */
const originOf = (source: string): string => {
  const address = source.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/\/+$/, '');
  return (address === '' ? source : address).replaceAll('+', '%2B').replaceAll(/\s/gu, '%20');
};

/** The log's origin, from the configured source or from the database. */
export const readLogOrigin = async (
  db: Queryable,
  { eventSource }: Pick<LogOptions, 'eventSource'>,
): Promise<string> => {
  if (eventSource !== undefined) return originOf(eventSource);
  const found = await findInstallation(db);
  if (found === undefined) throw new Error('the database has no row in delivery.installation');
  return originOf(`urn:uuid:${found.installationId}`);
};

export interface Signing {
  /** The signer of this process; the key is loaded once. */
  readonly signer: () => Promise<Signer>;
  /** Signs the tree once, if it is new or another key has signed it. */
  readonly ensureSigned: () => Promise<void>;
  /** The current checkpoint, after the above. */
  readonly readCheckpoint: () => Promise<FindCheckpointRow>;
}

/** Resolves to one result; makes it again after a failure. */
const once = <Result>(make: () => Promise<Result>): (() => Promise<Result>) => {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
};

/** Signs the log's checkpoints with one key. */
export const createSigning = (db: Queryable, options: LogOptions): Signing => {
  const { loadKey, onNotice = () => undefined } = options;
  const signer = once(async () => createSigner(await readLogOrigin(db, options), await loadKey()));

  const ensureSigned = once(async () => {
    const own = await signer();
    const verifierKey = own.verifier.text;
    const note = signCheckpoint(own, { size: 0, root: EMPTY_ROOT });
    await signEmptyTree(db, { root: EMPTY_ROOT, verifierKey, note });
    const stored = await findCheckpoint(db);
    if (stored === undefined || stored.verifierKey === verifierKey) return;
    onNotice(
      `The transparency log was signed by ${stored.verifierKey} and is now signed by ` +
        `${verifierKey}. Processes on one database must have the same key.`,
    );
    const { treeSize, root } = stored;
    await signAgain(db, {
      verifierKey,
      note: signCheckpoint(own, { size: treeSize, root }),
      treeSize,
    });
  });

  return {
    signer,
    ensureSigned,
    readCheckpoint: async () => {
      await ensureSigned();
      const checkpoint = await findCheckpoint(db);
      if (checkpoint === undefined) throw new Error('the log has no checkpoint');
      return checkpoint;
    },
  };
};
