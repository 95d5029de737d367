import type { Pool } from 'pg';
import { Type } from 'typebox';
import { transactOnce } from '../commit/index.ts';
import {
  AMOUNT_MAX,
  Timestamp,
  choice,
  defineRoute,
  idempotencyKeyOf,
  named,
  nullable,
  ok,
  replyTo,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { SUBJECT_KINDS } from './difference.ts';
import { INVARIANTS, type InvariantNumber } from './invariants.ts';
import { readProof, type Proof } from './proof.ts';
import { listViolations, requestRun } from './rounds/queries.gen.ts';

const COMMON = { tag: 'Audit', access: ['staff', 'service'] } as const;
/** Enough to see a pattern; each invariant has the number of all. */
const VIOLATIONS_MAX = 100;

const Count = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
const Verdict = choice(['holds', 'broken', 'unproven']);
const InvariantCode = choice(Object.keys(INVARIANTS) as InvariantNumber[]);

const InvariantView = named('Invariant', {
  invariant: InvariantCode,
  rule: Type.String(),
  verdict: Verdict,
  violationCount: Count,
});

const ViolationView = named('Violation', {
  invariants: Type.Array(InvariantCode),
  part: Type.String({ description: 'the table or the record that was checked' }),
  kind: choice(SUBJECT_KINDS),
  subject: Type.String({ description: 'the id of the wallet, the product, the order …' }),
  expected: nullable(Type.Object({}, { description: 'the differing fields that were proven' })),
  found: nullable(Type.Object({}, { description: 'the same fields in the database' })),
  sincePosition: nullable(Count),
  foundAt: Timestamp,
});

const ScrubView = named('Scrub', {
  part: Type.String(),
  visitedCount: Type.Integer({ minimum: 0, description: 'what this pass has visited so far' }),
  beganAt: Timestamp,
  completedAt: nullable(Timestamp),
});

const AuditView = named('Audit', {
  verdict: Verdict,
  provenAt: nullable(Timestamp),
  position: Type.Integer({ minimum: 0, description: 'every event up to here is proven' }),
  lag: Type.Integer({ minimum: 0, description: 'at most so many events are not yet proven' }),
  intervalSeconds: Type.Number({
    minimum: 0,
    maximum: 86_400,
    description: 'the time between two rounds in this process; 0: it runs none',
  }),
  rounds: Count,
  roundSeconds: Type.Number({ minimum: 0, description: 'the duration of the last round' }),
  requestedRun: Count,
  completedRun: Count,
  invariants: Type.Array(InvariantView),
  scrubs: Type.Array(ScrubView),
  violations: Type.Array(ViolationView),
});

const RunView = named('AuditRun', {
  run: Type.Integer({ minimum: 1, description: 'done when `completedRun` has reached it' }),
});

const verdictOf = ({ provenAt }: Proof, violationCount: number): string => {
  if (violationCount > 0) return 'broken';
  return provenAt === null ? 'unproven' : 'holds';
};

const readAudit = async (db: Queryable, everyMs: number): Promise<object> => {
  const [proof, violations] = await Promise.all([
    readProof(db),
    listViolations(db, { limit: VIOLATIONS_MAX }),
  ]);
  const invariants = Object.entries(INVARIANTS).map(([invariant, rule]) => {
    const violationCount = proof.violations.get(invariant as InvariantNumber) ?? 0;
    return { invariant, rule, verdict: verdictOf(proof, violationCount), violationCount };
  });
  const total = invariants.reduce((sum, { violationCount }) => sum + violationCount, 0);
  return {
    verdict: verdictOf(proof, total),
    provenAt: proof.provenAt,
    position: proof.position,
    lag: proof.lag,
    intervalSeconds: everyMs / 1_000,
    rounds: proof.rounds,
    roundSeconds: proof.roundMs / 1_000,
    requestedRun: proof.requested,
    completedRun: proof.answered,
    invariants,
    scrubs: proof.scrubs.map(({ part, visited: visitedCount, beganAt, completedAt }) => ({
      part,
      visitedCount,
      beganAt,
      completedAt,
    })),
    violations: violations.map(({ since: sincePosition, key: _, ...violation }) => ({
      ...violation,
      sincePosition,
    })),
  };
};

/**
 * What the audit has proven, and the request for a round. `everyMs` is the time between two rounds
 * in this process; 0 for none.
 */
export const auditRoutes = (db: Pool, everyMs: number): Route[] => [
  defineRoute({
    ...COMMON,
    method: 'GET',
    path: '/v1/audit',
    operation: 'getAudit',
    summary: 'Read which invariants hold, up to which event, and every violation',
    answers: { 200: AuditView },
    problems: [],
    handle: async () => ok(await readAudit(db, everyMs)),
  }),

  defineRoute({
    ...COMMON,
    method: 'POST',
    path: '/v1/audit/runs',
    operation: 'requestAuditRun',
    summary: 'Request a round of the audit now',
    description:
      'The process that audits runs the round; `GET /v1/audit` has the result once ' +
      '`completedRun` has reached `run`. A round answers all runs that were requested before it.',
    answers: { 202: RunView },
    problems: [],
    handle: async (request) => {
      const key = idempotencyKeyOf('requestAuditRun', request);
      const outcome = await transactOnce(db, key, async (transaction) => {
        const requested = await requestRun(transaction);
        if (requested === undefined) throw new Error('the audit has no row of progress');
        return { status: 202, body: { run: requested.run } };
      });
      return replyTo(outcome);
    },
  }),
];
