export {
  accept,
  refuse,
  type Answer,
  type Command,
  type Decision,
  type Happened,
  type IdempotencyKey,
  type Outcome,
  type Refused,
} from './command.ts';
export { startGroupCommit, type GroupCommit } from './group-commit.ts';
export { clientKey, serverKey } from './idempotency.ts';
export { answerOnce, findOutcome, isUnanswered, settleAnswer, transactOnce } from './once.ts';
export type { GroupCommitLimits, GroupCommitOptions } from './options.ts';
export { startRetention } from './retention.ts';
export {
  create,
  lock,
  type Lock,
  type Log,
  type Rows,
  type Table,
  type WritableRows,
} from './table.ts';
