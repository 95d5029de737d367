import type { Baseline } from '../scenario.ts';
import { openBare } from './bare.ts';
import { openBareInsert } from './bare-insert.ts';
import { openPgbench } from './pgbench.ts';
import { openShopService, type ShopService } from './running-shop.ts';
import type { Stage, Subject } from './subject.ts';
import { openWithoutHttp } from './without-http.ts';

export { openShopService, type ShopService } from './running-shop.ts';
export type { Stage, Subject } from './subject.ts';

/** One transaction for each command, on 32 connections to the database. */
const BATCHES_OF_ONE = { lanes: 32, batch: 1 } as const;

type Open = (stage: Stage, service: ShopService, root: URL) => Promise<Subject | undefined>;

/** Starts a baseline; undefined when the machine does not have it. */
const OPEN: Readonly<Record<Baseline, Open>> = {
  'batches of one': (stage, _service, root) =>
    openShopService(stage, {
      name: 'batches of one',
      isBaseline: true,
      root,
      engine: BATCHES_OF_ONE,
    }),
  'bare Fastify': openBare,
  'without HTTP': openWithoutHttp,
  pgbench: openPgbench,
  'bare insert': openBareInsert,
};

/** Starts the service and the baselines of a scenario; `opened` gets each as soon as it runs. */
export const openSubjects = async (
  stage: Stage,
  root: URL,
  opened: (subject: Subject) => void,
): Promise<void> => {
  const service = await openShopService(stage, { name: 'service', isBaseline: false, root });
  opened(service);
  for (const baseline of stage.scenario.baselines) {
    const subject = await OPEN[baseline](stage, service, root);
    if (subject !== undefined) opened(subject);
  }
};
