import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runSql, type DatabaseServer } from '../database.ts';
import type { Report } from '../report.ts';
import { NODE_OPTIONS, startWorker, type Worker } from '../worker.ts';
import { environmentOf, type Installation } from './install.ts';
import type { PeerLoad } from './load.ts';
import type { Peer, PeerShop } from './peer.ts';
import { findFreePort, runProgram, startServer } from './program.ts';
import { ask } from '../sql.ts';
import type { Size, System } from './system.ts';

interface Options extends Size {
  readonly server: DatabaseServer;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Several times as long as on an idle machine with two cores, so the whole run is bounded. */
const FILL_MS = 150_000;
const START_MS = 60_000;
/** An order that is not answered this long after the end of a measurement never is. */
const LATE_MS = 60_000;
/** As far as a peer with one thread goes; more only wait. */
const CONNECTIONS = [4, 16, 64];

/** Fills a new database with a shop, starts the peer on it and places one order. */
export const openPeer = async (
  peer: Peer,
  { folder, version }: Installation,
  { server, products, stock, log, signal }: Options,
): Promise<System> => {
  const databaseUrl = await server.create(peer.folder);
  const port = await findFreePort();
  const secret = (): string => randomBytes(24).toString('base64url');
  const program = {
    command: process.execPath,
    env: {
      ...environmentOf(peer),
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      JWT_SECRET: secret(),
      COOKIE_SECRET: secret(),
      SUPERADMIN_PASSWORD: secret(),
    },
    log: join(folder, 'run.log'),
    signal,
  };
  await rm(program.log, { force: true });
  for (const args of peer.fill(products, stock)) {
    log(`${peer.name}: ${args.slice(1, 3).join(' ')}`);
    await runProgram({ ...program, folder, args }, FILL_MS);
  }
  // As a shop that has run for a while; the autovacuum comes in the middle of the measurements.
  await runSql(databaseUrl, 'vacuum analyze');
  const url = `http://127.0.0.1:${port}`;
  const args = [...NODE_OPTIONS, ...peer.serve(port)];
  const serving = { ...program, folder: join(folder, peer.serveFrom ?? '.'), args };
  log(`${peer.name}: start`);
  const running = await startServer(serving, `${url}/health`, START_MS);
  let load = startLoad();
  const stop = async (): Promise<void> => {
    await load.stop();
    await running.stop();
    await server.drop(databaseUrl);
  };
  const accounted = { service: running.pid, postmaster: server.postmaster, databaseUrl };
  try {
    const shop = { url, buyers: products, ...(await readShop(peer, databaseUrl)) };
    return {
      subject: peer.name,
      version,
      requestsPerOrder: peer.requestsPerOrder,
      connections: CONNECTIONS,
      also: peer.also,
      measure: async (scenario, connections, seconds) => {
        const order = { peer: peer.name, scenario, shop, connections, seconds, accounted };
        try {
          return await inTime(load.run(order), seconds * 1_000 + LATE_MS, signal);
        } catch (error) {
          // Its other connections must not disturb the next measurement.
          await load.stop();
          load = startLoad();
          throw error;
        }
      },
      readStock: () => ask(databaseUrl, peer.stockSql),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const startLoad = (): Worker<PeerLoad, Report> => startWorker('peers/load.ts');

/** Rejects when a result is late or the run is stopped. */
const inTime = async <Result>(
  result: Promise<Result>,
  ms: number,
  signal: AbortSignal,
): Promise<Result> => {
  const end = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  return Promise.race([
    result,
    new Promise<never>((_, reject) => {
      end.addEventListener('abort', () => reject(end.reason as Error), { once: true });
    }),
  ]);
};

const readShop = async (
  peer: Peer,
  databaseUrl: string,
): Promise<Pick<PeerShop, 'productIds' | 'ids'>> => {
  const products = await ask<{ id: string }>(databaseUrl, peer.productsSql);
  const [ids] = await ask<Record<string, string>>(databaseUrl, peer.idsSql);
  return { productIds: products.map(({ id }) => id), ids: ids ?? {} };
};
