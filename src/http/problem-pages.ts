import type { FastifyInstance } from 'fastify';
import Negotiator from 'negotiator';
import { Type } from 'typebox';
import {
  PROBLEMS,
  named,
  problemPath,
  problemSchema,
  strictObject,
  type Problem,
  type ProblemCode,
} from '../contract/index.ts';
import { addVary } from './caching.ts';
import { schemaOfPage } from './openapi.ts';
import { sendProblem } from './problem.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Escapes text and renders backticks as code. */
const inline = (text: string): string =>
  escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const layout = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; color: #1c2333; }
body { max-width: 42rem; margin: 4rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
code { background: #eef1f6; padding: .1em .3em; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; }
th, td { border-bottom: 1px solid #dde2ea; }
a { color: #2456c8; } .status { color: #5b6577; }
</style>
</head>
<body>
${content}
</body>
</html>
`;

const MEMBERS_HEAD = '<tr><th>Member</th><th>Type</th><th>Meaning</th></tr>';

/** The parts of JSON Schema that the members use. */
interface Shown {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Shown;
  readonly properties?: Readonly<Record<string, Shown>>;
  readonly description?: string;
}

/** The type of a member in words. */
const typeOf = (schema: Shown): string => {
  if (schema.enum !== undefined) return schema.enum.join(' | ');
  if (schema.items !== undefined) return `array of ${typeOf(schema.items)}`;
  if (schema.properties === undefined) return schema.type ?? 'any';
  const fields = Object.entries(schema.properties).map(
    ([name, field]) => `${name}: ${typeOf(field)}`,
  );
  return `{ ${fields.join(', ')} }`;
};

const problemPage = (code: ProblemCode): string => {
  const { status, title, detail, members = {} }: Problem = PROBLEMS[code];
  const rows = Object.entries(members).map(([name, member]) => {
    const { description = '' }: Shown = member;
    const cells = [escapeHtml(typeOf(member)), inline(description)];
    return `<tr><th><code>${name}</code></th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return layout(
    `${title} – Moa`,
    [
      `<p class="status">${status} · <code>${code}</code></p>`,
      `<h1>${inline(title)}</h1>`,
      `<p>${inline(detail)}</p>`,
      ...(rows.length === 0 ? [] : ['<h2>Members</h2><table>', MEMBERS_HEAD, ...rows, '</table>']),
      '<p><a href="/problems">All problems</a></p>',
    ].join('\n'),
  );
};

const indexPage = (): string => {
  const rows = CODES.map((code) => {
    const { status, title } = PROBLEMS[code];
    const link = `<a href="${problemPath(code)}"><code>${code}</code></a>`;
    return `<tr><td>${status}</td><td>${link}</td><td>${inline(title)}</td></tr>`;
  });
  return layout('Problems – Moa', ['<h1>Problems</h1><table>', ...rows, '</table>'].join('\n'));
};

const HTML = { 'text/html': { schema: { type: 'string' } } };

const LIST_SCHEMA = schemaOfPage({
  operationId: 'listProblems',
  summary: 'List all problems',
  answers: { 200: HTML },
});

const PAGE_SCHEMA = schemaOfPage({
  operationId: 'getProblem',
  summary: 'Explain a problem',
  params: strictObject({
    name: Type.String({ description: 'its code in kebab case', examples: ['insufficient-stock'] }),
  }),
  answers: {
    200: {
      ...HTML,
      'application/json': {
        schema: named('ProblemExplanation', {
          code: Type.String(),
          status: Type.Integer(),
          title: Type.String(),
          detail: Type.String(),
          members: Type.Optional(
            Type.Record(Type.String(), Type.Object({}), {
              description: 'the JSON Schema of each member',
            }),
          ),
        }),
        example: { code: 'overloaded', ...PROBLEMS.overloaded },
      },
    },
    404: {
      'application/problem+json': {
        schema: problemSchema('problem_not_found'),
        examples: { problem_not_found: { $ref: '#/components/examples/problem_not_found' } },
      },
    },
  },
});

/** Serves the pages at the `type` of each problem. */
export const serveProblemPages = (app: FastifyInstance): void => {
  const byName = new Map(CODES.map((code) => [code.replaceAll('_', '-'), code]));
  app.get(
    '/problems',
    { config: { operation: 'listProblems' }, schema: LIST_SCHEMA },
    (_request, reply) => reply.type('text/html; charset=utf-8').send(indexPage()),
  );
  app.get<{ Params: { name: string } }>(
    '/problems/:name',
    { config: { operation: 'getProblem' }, schema: PAGE_SCHEMA },
    (request, reply) => {
      const code = byName.get(request.params.name);
      if (code === undefined) return sendProblem(request, reply, { code: 'problem_not_found' });
      addVary(reply, 'accept');
      const preferred = new Negotiator(request).mediaType(['text/html', 'application/json']);
      if (preferred === 'application/json') return reply.send({ code, ...PROBLEMS[code] });
      return reply.type('text/html; charset=utf-8').send(problemPage(code));
    },
  );
};
