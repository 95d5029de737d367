import type { Calls } from './calls.ts';
import type { Draws } from './draws.ts';
import type { Findings } from './findings.ts';
import type { Ledger } from './ledger.ts';
import type { CallsOf, Product } from './shop.ts';

/** What a workload works with. */
export interface Workplace {
  readonly calls: Calls;
  readonly callsOf: CallsOf;
  readonly ledger: Ledger;
  readonly findings: Findings;
  readonly shelf: readonly Product[];
  /** Where the processes listen now. */
  readonly urls: () => readonly string[];
}

/** One bounded round of a workload. `name` is unique and begins the keys of the round. */
export type Round = (workplace: Workplace, draws: Draws, name: string) => Promise<void>;
