import type { DatabaseServer } from '../database.ts';
import type { LoadOrder } from '../load.ts';
import type { Shops } from '../prepare.ts';
import type { Report } from '../report.ts';
import type { Scenario, SubjectName } from '../scenario.ts';
import type { Worker } from '../worker.ts';

/** A program under load, with what it needs. */
export interface Subject {
  readonly name: SubjectName;
  /** Whether it is measured at every number of connections, or at one. */
  readonly isBaseline: boolean;
  readonly measure: (connections: number, seconds: number) => Promise<Report>;
  /** Stops it and checks the invariants of its database. */
  readonly stop: () => Promise<void>;
}

/** What subjects of a scenario share. */
export interface Stage {
  readonly name: string;
  readonly scenario: Scenario;
  readonly server: DatabaseServer;
  readonly shops: Shops;
  readonly load: Worker<LoadOrder, Report>;
}
