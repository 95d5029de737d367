import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka';

const DETAIL_MAX = 300;

/** Kafka's name of an error code, such as `NOT_LEADER_OR_FOLLOWER`. */
export const errorName = (code: number): string => protocolErrorsCodesById[code] ?? `error ${code}`;

/** Kafka's name of an error with its explanation. */
export const explain = (code: number): string => {
  const name = errorName(code);
  const { message } = protocolErrors[name] ?? {};
  return message === undefined ? name : `${name}: ${message}`;
};

/**
 * One sentence about a fault of the client: Kafka's name of the first error that a broker answered,
 * or what is wrong with the connection. `hidden` is left out.
 */
export const describeFault = (error: unknown, hidden: readonly string[]): string => {
  const all = causesOf(error);
  const answered = all.find(({ apiId }) => apiId !== undefined);
  const text =
    answered === undefined
      ? (all.map(({ message }) => message).findLast((message) => message !== '') ?? 'failed')
      : `${answered.apiId}: ${answered.serverErrorMessage ?? answered.message}`;
  const safe = hidden.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  return safe.slice(0, DETAIL_MAX);
};

interface Cause {
  readonly message: string;
  readonly apiId?: string;
  readonly serverErrorMessage?: string | null;
}

/** An error, the errors that it collects and what caused them, the innermost last. */
const causesOf = (error: unknown): Cause[] => {
  if (!(error instanceof Error)) return [];
  const collected = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  // The last one is about the last of several brokers, or of several attempts.
  return [error, ...causesOf(collected.at(-1)), ...causesOf(error.cause)];
};
