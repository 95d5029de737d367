import type { ProblemCode } from './problems.ts';

/** An expected "no" of the rules: a problem with its members. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly members?: Readonly<Record<string, unknown>>;
}
