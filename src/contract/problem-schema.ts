import type { TSchema } from 'typebox';
import {
  PROBLEMS,
  PROBLEM_FIELDS,
  problemPath,
  type Problem,
  type ProblemCode,
} from './problems.ts';
import { strictObject } from './schemas.ts';

/** The schema of the answer of a problem, named for example `InsufficientStockProblem`. */
export const problemSchema = (code: ProblemCode): TSchema => {
  const { status, title, detail, members = {} }: Problem = PROBLEMS[code];
  const fields = {
    ...PROBLEM_FIELDS,
    type: { ...PROBLEM_FIELDS.type, enum: [problemPath(code)] },
    status: { ...PROBLEM_FIELDS.status, enum: [status] },
    code: { ...PROBLEM_FIELDS.code, enum: [code] },
    ...members,
  };
  return { ...strictObject(fields), title: nameOf(code), description: `${title}. ${detail}` };
};

const nameOf = (code: ProblemCode): string => {
  const words = code.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('')}Problem`;
};
