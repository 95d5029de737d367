import { expect, test } from 'vitest';
import { readProblem } from './read-problem.ts';

test('a refusal of the service is the problem that it has', async () => {
  const problem = { code: 'rate_limited', detail: 'Wait a moment.' };
  expect(await readProblem(Response.json(problem, { status: 429 }))).toEqual(problem);
});

test.each(['<h1>502 Bad Gateway</h1>', '', 'null', '{"message":"no upstream"}'])(
  'a refusal with the body %j is not of the service, which does not answer then',
  async (body) => {
    const refused = new Response(body, { status: 502 });
    expect(await readProblem(refused)).toEqual({ code: 'unavailable' });
  },
);
