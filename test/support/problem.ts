import { PROBLEMS, problemPath, type ProblemCode } from '../../src/contract/index.ts';
import type { RawAnswer } from './client.ts';

const MEMBERS = ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'] as const;

type Body = Readonly<Record<string, unknown>>;

const parse = (text: string): Body => {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
};

const isNamed = (error: Body): boolean =>
  typeof error['pointer'] === 'string' && typeof error['message'] === 'string';

/**
 * The flaws of an answer that should be one of these problems, complete and consistent; undefined
 * without flaws.
 */
export const flawIn = (
  answer: RawAnswer,
  codes: readonly ProblemCode[],
  path?: string,
): string | undefined => {
  const body = parse(answer.text);
  const code = codes.find((each) => each === body['code']);
  if (code === undefined) return `${answer.status} ${answer.text.slice(0, 200)}`;
  const { status, title } = PROBLEMS[code];
  const flaws = [
    answer.status === status && body['status'] === status ? [] : ['status'],
    body['type'] === problemPath(code) && body['title'] === title ? [] : ['type or title'],
    body['traceId'] === answer.headers['x-request-id'] ? [] : ['trace id'],
    answer.headers['content-type'] === 'application/problem+json; charset=utf-8' ? [] : ['type'],
    path === undefined || body['instance'] === path.slice(0, 200) ? [] : ['instance'],
    // A request that cannot be parsed has no path.
    MEMBERS.filter(
      (name) => body[name] === undefined || (body[name] === '' && name !== 'instance'),
    ),
    code === 'invalid_request' && !hasErrors(body) ? ['errors'] : [],
  ].flat();
  return flaws.length === 0 ? undefined : `${flaws.join(', ')}: ${answer.text.slice(0, 300)}`;
};

const hasErrors = ({ errors }: Body): boolean =>
  Array.isArray(errors) && errors.length > 0 && errors.length <= 20 && errors.every(isNamed);

/** The pointers of an `invalid_request`. */
export const pointersIn = ({ text }: Pick<RawAnswer, 'text'>): string[] =>
  ((parse(text)['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** The code of an answer that is a complete problem (about this path); else its flaws. */
export const problemIn = (answer: RawAnswer | undefined, path?: string): string => {
  if (answer === undefined) return 'no answer';
  return flawIn(answer, CODES, path) ?? String(membersOf(answer)['code']);
};

/** The members of a problem. */
export const membersOf = ({ text }: Pick<RawAnswer, 'text'>): Body => parse(text);

/** Splits the received text into answers; each must have a length. */
export const readAnswers = (received: string): RawAnswer[] => {
  const answers: RawAnswer[] = [];
  for (let rest = received; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const [statusLine = '', ...lines] = rest.slice(0, end - 4).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const length = Number(headers['content-length']);
    if (end < 4 || !Number.isInteger(length)) throw new Error(`no answer: ${rest.slice(0, 200)}`);
    const status = Number(statusLine.split(' ')[1]);
    answers.push({ status, headers, text: rest.slice(end, end + length) });
    rest = rest.slice(end + length);
  }
  return answers;
};
