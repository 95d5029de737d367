import type { Static, TObject, TProperties } from 'typebox';
import { PROBLEMS, type ProblemCode } from './problems.ts';

type Frozen<Value> = Value extends object
  ? { readonly [Name in keyof Value]: Frozen<Value[Name]> }
  : Value;

type RefusalOf<Code extends ProblemCode> = {
  readonly code: Code;
  /** What happened this time, instead of the problem's own text. */
  readonly detail?: string;
} & ((typeof PROBLEMS)[Code] extends { readonly members: infer Members extends TProperties }
  ? { readonly members: Frozen<Static<TObject<Members>>> }
  : { readonly members?: never });

/** An expected "no" of the rules: a problem with exactly its members. */
export type Refusal = { [Code in ProblemCode]: RefusalOf<Code> }[ProblemCode];
