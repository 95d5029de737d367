import type { SystemSettings } from '../../system.ts';

/** The input of a history; the same plan makes the same history. */
export interface Plan {
  readonly orders: number;
  readonly products: number;
  readonly users: number;
  readonly days: number;
  readonly seed: number;
  /** The end of the history; an order whose reservation ends later is pending. */
  readonly until: Date;
  readonly settings: SystemSettings;
}
