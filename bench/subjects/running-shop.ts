import { expectInvariants } from '../database.ts';
import type { LoadOrder } from '../load.ts';
import type { Shop, SubjectName } from '../scenario.ts';
import { startService, type Engine } from './service.ts';
import type { Stage, Subject } from './subject.ts';

/** A service on a shop of its own, under the load of a scenario. */
export interface ShopService extends Subject {
  readonly shop: Shop;
  readonly databaseUrl: string;
  /** What the load process is told to measure. */
  readonly orderOf: (connections: number, seconds: number) => LoadOrder;
}

interface Options {
  readonly name: SubjectName;
  readonly isBaseline: boolean;
  readonly root: URL;
  readonly engine?: Engine;
  /** Throws when an invariant is violated in the database of the stopped service. */
  readonly audit?: (databaseUrl: string) => Promise<void>;
}

/** Starts a service on a new copy of the prepared shop. */
export const openShopService = async (
  { name: scenarioName, scenario, server, shops, load }: Stage,
  { name, isBaseline, root, engine, audit = expectInvariants }: Options,
): Promise<ShopService> => {
  const { databaseUrl, shop: withoutUrl } = await shops.open(scenario.history ?? false);
  const dataDirectory = server.directory;
  const service = await startService({ root, databaseUrl, dataDirectory, engine });
  const shop = { ...withoutUrl, url: service.url };
  const accounted = { service: service.pid, postmaster: server.postmaster, databaseUrl };
  const orderOf = (connections: number, seconds: number): LoadOrder => ({
    scenario: scenarioName,
    shop,
    connections,
    seconds,
    accounted,
  });
  return {
    name,
    isBaseline,
    shop,
    databaseUrl,
    orderOf,
    measure: (connections, seconds) => load.run(orderOf(connections, seconds)),
    stop: async () => {
      await service.stop();
      await audit(databaseUrl);
      await server.drop(databaseUrl);
    },
  };
};
