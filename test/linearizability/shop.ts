import { hash } from 'node:crypto';
import type { Interval, Model, Verdict } from './checker.ts';
import { NONE, type Body, type Part, type Request, type Value } from './requests.ts';

/** A request with its time and its answer, which a lost request does not have. */
export interface Operation extends Interval {
  readonly request: Request;
  readonly answer: { readonly status: number; readonly body: Body } | undefined;
}

type Values = ReadonlyMap<string, Value>;

/** The parts that took effect or were looked at: up to the one that refused. */
const partsOf = ({ request: { path, parts }, answer }: Operation): readonly Part[] => {
  if (answer === undefined || answer.status < 400) return parts;
  const { code } = answer.body as { code?: string };
  const refusing = parts.findIndex((part) => part.code !== undefined && part.code === code);
  if (refusing === -1) throw new Error(`${path} answered ${JSON.stringify(answer)}`);
  return parts.slice(0, refusing + 1);
};

/** Whether a value is the one that an answer tells, if it tells one. */
const agrees = (value: Value | undefined, told: unknown): boolean =>
  told === undefined || told === value;

/**
 * The sequential rules of the shop. With a key, the rules of that wallet, product or order alone;
 * what other keys decided is then taken from the answer.
 */
const createModel = (initial: Values, only?: string): Model<Values, Operation> => ({
  initial,
  step: (values, operation) => {
    const { answer } = operation;
    const parts = partsOf(operation);
    const isRefused = answer !== undefined && answer.status >= 400;
    // Copied when it changes, because most steps of a search do not change it.
    let after: Map<string, Value> | undefined;
    for (const [index, { key, next, seen, told }] of parts.entries()) {
      if (only !== undefined && key !== only) continue;
      const value = values.get(key)!;
      const changed = next(value);
      if (isRefused && index === parts.length - 1) {
        if (changed !== undefined || !agrees(value, seen?.(answer.body))) return undefined;
      } else {
        // An unanswered request that is refused has no effect.
        if (changed === undefined) return answer === undefined ? values : undefined;
        if (answer !== undefined && !isRefused && !agrees(changed, told?.(answer.body))) {
          return undefined;
        }
        if (changed !== value) (after ??= new Map(values)).set(key, changed);
      }
    }
    return isRefused ? values : (after ?? values);
  },
  // Short, because a shop has hundreds of orders.
  keyOf: (values) => hash('sha256', [...values.values()].join(' '), 'base64'),
});

/** The rules for a history that began with these stocks and empty wallets. */
export const createShopModels = (
  history: readonly Operation[],
  stocks: ReadonlyMap<string, number>,
) => {
  const touched = Map.groupBy(
    history.flatMap((operation) => partsOf(operation).map(({ key }) => ({ key, operation }))),
    ({ key }) => key,
  );
  const initial = new Map<string, Value>();
  for (const key of touched.keys()) {
    const [kind, id = ''] = key.split(' ');
    initial.set(key, kind === 'wallet' ? 0 : kind === 'stock' ? stocks.get(id)! : NONE);
  }
  return {
    /** The whole shop: an operation takes effect on all its keys at once. */
    whole: createModel(initial),
    /** One wallet, product or order each, with its part of the history. */
    byKey: [...touched].map(([key, parts]) => ({
      key,
      history: parts.map(({ operation }) => operation),
      model: createModel(new Map([[key, initial.get(key)!]]), key),
    })),
  };
};

/** The last operations that a failure shows. */
const SHOWN = 5;

/** Throws unless a history is linearizable; says what was tried last and what no order explains. */
export const requireLinearizable = (what: string, verdict: Verdict<Values, Operation>): void => {
  if (verdict.kind === 'linearizable') return;
  const { kind, order, state, stuck } = verdict;
  const last = order.slice(-SHOWN).map(describeOperation);
  const values = [...state].filter(([key]) => partsOf(stuck).some((part) => part.key === key));
  const value = values.map(([key, each]) => `${key} is ${each}`).join(', ');
  const lines = [`${what}: ${kind}`, ...last, `then ${value}, and`, describeOperation(stuck)];
  throw new Error(lines.join('\n'));
};

const describeOperation = ({ called, answered, request, answer }: Operation): string =>
  [
    `${called.toFixed(1)} to ${answered?.toFixed(1) ?? '?'} ms: ${request.method} ${request.path}`,
    JSON.stringify(request.body ?? {}),
    answer === undefined ? 'no answer' : `${answer.status} ${JSON.stringify(answer.body)}`,
  ].join(' ');
