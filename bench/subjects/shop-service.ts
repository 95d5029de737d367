import { expectInvariants } from '../database.ts';
import type { Shop } from '../scenario.ts';
import { startService, type Engine } from './service.ts';
import type { Stage, Subject, SubjectName } from './subject.ts';

/** A service on a shop of its own, under the load of a scenario. */
export interface ShopService extends Subject {
  readonly shop: Shop;
}

interface Options {
  readonly name: SubjectName;
  readonly isBaseline: boolean;
  readonly root: URL;
  readonly engine?: Engine;
}

/** Starts a service on a new copy of the prepared shop. */
export const openShopService = async (
  { name: scenarioName, scenario, server, shops, load }: Stage,
  { name, isBaseline, root, engine }: Options,
): Promise<ShopService> => {
  const { databaseUrl, shop: withoutUrl } = await shops.open(scenario.history ?? false);
  const dataDirectory = server.directory;
  const service = await startService({ root, databaseUrl, dataDirectory, engine });
  const shop = { ...withoutUrl, url: service.url };
  const accounted = { service: service.pid, postmaster: server.postmaster };
  return {
    name,
    isBaseline,
    shop,
    measure: (connections, seconds) =>
      load.run({ scenario: scenarioName, shop, connections, seconds, accounted }),
    stop: async () => {
      await service.stop();
      await expectInvariants(databaseUrl);
      await server.drop(databaseUrl);
    },
  };
};
