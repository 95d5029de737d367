import type { SystemSettings } from '../../system.ts';

/** What a history is made from: the same plan, the same history. */
export interface Plan {
  readonly orders: number;
  readonly products: number;
  readonly users: number;
  readonly days: number;
  readonly seed: number;
  /** When the history ends; a reservation that goes on beyond it is pending. */
  readonly until: Date;
  readonly settings: SystemSettings;
}
