import { Value } from 'typebox/value';
import { PROBLEMS, problemSchema, type ProblemCode, type Reply } from '../../src/contract/index.ts';
import { problemBody } from '../../src/http/problem.ts';

const SCHEMAS = new Map<unknown, ReturnType<typeof problemSchema>>(
  (Object.keys(PROBLEMS) as ProblemCode[]).map((code) => [code, problemSchema(code)]),
);

/** Throws unless a problem has exactly the members of its schema. */
const requireDescribed = (text: string): void => {
  const problem = JSON.parse(text) as { readonly code?: string };
  const schema = SCHEMAS.get(problem.code);
  if (schema === undefined) throw new Error(`unknown problem: ${text.slice(0, 300)}`);
  const [error] = Value.Errors(schema, problem);
  if (error === undefined) return;
  throw new Error(`${error.instancePath} ${error.message}: ${text.slice(0, 300)}`);
};

/** The same reply; throws if it is a problem without exactly the members of its schema. */
export const described = (reply: Reply): Reply => {
  if (reply.kind === 'problem')
    requireDescribed(problemBody(reply, { instance: '/', traceId: '1' }));
  return reply;
};

const PROBLEM = 'application/problem+json';

/** Throws if an answer over HTTP is a problem without exactly the members of its schema. */
export const requireDescribedAnswer = (type: unknown, text: string): void => {
  if (String(type).startsWith(PROBLEM)) requireDescribed(text);
};
