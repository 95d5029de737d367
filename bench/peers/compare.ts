import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../../src/cli/command.ts';
import type { Surroundings } from '../command.ts';
import { openServer, type DatabaseServer } from '../database.ts';
import { readFacts } from '../machine.ts';
import { STOCK } from '../prepare.ts';
import { roundNumbers } from '../results.ts';
import { PEERS } from './index.ts';
import { installPeer, type Installation } from './install.ts';
import { MOA, measureSystems, nameOf, type Measurements } from './measure.ts';
import { openMoa } from './open-moa.ts';
import { openPeer } from './open-peer.ts';
import type { Options } from './options.ts';
import { renderPeers, type PeerResults, type SystemResult } from './page.ts';
import type { Peer } from './peer.ts';
import { checkStock } from './stock.ts';
import type { System } from './system.ts';

/** Does it for each peer; the reason of a failure goes to `skipped`. */
const forEachPeer = async <Item, Result>(
  items: readonly Item[],
  peerOf: (item: Item) => Peer,
  run: (item: Item) => Promise<Result>,
  { log, signal, skipped }: Skipping,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (const item of items) {
    const { name } = peerOf(item);
    try {
      results.push(await run(item));
    } catch (error) {
      signal.throwIfAborted();
      const { message } = error as Error;
      // The rest is the end of a log.
      skipped[name] = message.split('\n', 1).join();
      log(`${name} is skipped: ${message}`);
    }
  }
  return results;
};

interface Skipping extends Pick<Surroundings, 'log' | 'signal'> {
  readonly skipped: Record<string, string>;
}

/**
 * Installs the peers, measures them and Moa by turns, and writes a page and JSON. Leaves out a peer
 * that fails; throws when none is left. Stops everything that it started.
 */
export const comparePeers = async (options: Options, surroundings: Surroundings): Promise<void> => {
  const { root, log, signal, print } = surroundings;
  const skipping: Skipping = { log, signal, skipped: {} };
  const cache = new URL('node_modules/.cache/peers', root).pathname;
  const installed = await forEachPeer(
    Object.values(PEERS),
    (peer) => peer,
    async (peer) => ({ peer, installation: await installPeer(peer, { cache, log, signal }) }),
    skipping,
  );
  if (installed.length === 0) throw new CommandError('No peer can be installed.');
  const end = performance.now() + options.minutes * 60_000;
  const server = await openServer(log, surroundings.databaseUrl);
  const systems: System[] = [];
  let stopped: PromiseSettledResult<void>[];
  try {
    const facts = await readFacts(server, root);
    await openSystems(options, surroundings, { server, installed, skipping, systems });
    if (systems.length === 1) throw new CommandError('No peer can be started.');
    const found = await measureSystems(systems, { pace: options.pace, end, log, signal });
    const results = { facts, systems: await summarise(found), skipped: skipping.skipped };
    await writePage(options.results, results);
    print(renderPeers(results));
    if (!isAnyMeasured(results)) throw new CommandError('No peer was measured.');
  } finally {
    stopped = await Promise.allSettled(systems.map((system) => system.stop()));
    await server.stop();
  }
  const failed = stopped.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
};

const writePage = async (folder: string, results: PeerResults): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'PEERS.md'), renderPeers(results));
  const json = JSON.stringify(roundNumbers(results), undefined, 2);
  await writeFile(join(folder, 'peers.json'), `${json}\n`);
};

const isAnyMeasured = ({ systems }: PeerResults): boolean =>
  systems
    .filter(({ name }) => name !== MOA)
    .some(({ scenarios }) => scenarios.some(({ summary }) => summary !== undefined));

interface Opening {
  readonly server: DatabaseServer;
  readonly installed: readonly { peer: Peer; installation: Installation }[];
  readonly skipping: Skipping;
  /** Gets Moa first, and each peer as soon as it runs. */
  readonly systems: System[];
}

const openSystems = async (
  { products }: Options,
  { root, log, signal }: Surroundings,
  { server, installed, skipping, systems }: Opening,
): Promise<void> => {
  const manifest = await readFile(new URL('package.json', root), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  log('Moa: fill and start');
  systems.push(await openMoa(root, server, version, products));
  await forEachPeer(
    installed,
    ({ peer }) => peer,
    async ({ peer, installation }) => {
      const size = { products, stock: STOCK };
      systems.push(await openPeer(peer, installation, { ...size, server, log, signal }));
    },
    skipping,
  );
};

/** The results of each system, with its stock. */
const summarise = async ({
  measured,
  answered,
  failures,
}: Measurements): Promise<SystemResult[]> => {
  const results: SystemResult[] = [];
  for (const [system, scenarios] of measured) {
    const { version, requestsPerOrder, also } = system;
    const rows = await system.readStock();
    results.push({
      name: nameOf(system),
      version,
      requestsPerOrder,
      also,
      scenarios,
      stock: checkStock(rows, STOCK, answered.get(system) ?? 0),
      failure: failures.get(system),
    });
  }
  return results;
};
