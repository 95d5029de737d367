import { glob, readFile, writeFile } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { describe } from './describe.ts';
import { renderModule, renderStatement, type RenderedStatement } from './render-queries.ts';
import { parseSqlFile } from './sql-file.ts';

/** A generated `queries.gen.ts`. */
export interface Generated {
  /** Relative to the root. */
  readonly path: string;
  readonly content: string;
  /** Whether the file on disk had other content. */
  readonly changed: boolean;
}

/** The folder of the functions that generated code calls. */
const RUNTIME = 'src/database';

/**
 * Generates `queries.gen.ts` next to every `queries.sql` of a module in `src`, with types from
 * PostgreSQL, in the order of the paths; with `write` the changed files are written after all were
 * generated. Errors name the file, the line, the statement and PostgreSQL's message.
 */
export const generateQueries = async (options: {
  readonly databaseUrl: string;
  readonly root: string;
  readonly write: boolean;
}): Promise<Generated[]> => {
  const { databaseUrl, root, write } = options;
  const files: string[] = [];
  for await (const path of glob('src/*/**/queries.sql', { cwd: root })) {
    files.push(path.replaceAll(sep, '/'));
  }
  const generated: Generated[] = [];
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const file of files.toSorted()) {
      generated.push(await generateFile(client, root, file));
    }
  } finally {
    await client.end();
  }
  for (const { path, content, changed } of generated) {
    if (write && changed) await writeFile(join(root, path), content);
  }
  return generated;
};

const generateFile = async (client: Client, root: string, file: string): Promise<Generated> => {
  const folder = posix.dirname(file);
  const module = posix.relative('src', folder).replaceAll('/', '.');
  const rendered: RenderedStatement[] = [];
  const rowTypes = new Map<string, string>();
  for (const statement of parseSqlFile(file, await readFile(join(root, file), 'utf8'))) {
    try {
      const description = await describe(client, statement.text);
      rendered.push(renderStatement(module, { statement, description }, rowTypes));
    } catch (error) {
      const message = explain(error, statement.text);
      throw new Error(`${file}:${statement.line}: ${statement.name}: ${message}`, { cause: error });
    }
  }
  const path = posix.join(folder, 'queries.gen.ts');
  const content = renderModule(importPath(folder), rendered);
  const existing = await readFile(join(root, path), 'utf8').catch(() => undefined);
  return { path, content, changed: existing !== content };
};

const importPath = (folder: string): string => {
  const path = posix.relative(folder, RUNTIME);
  return path.startsWith('.') ? path : `./${path}`;
};

/** The message with the line of the statement at PostgreSQL's position. */
const explain = (error: unknown, text: string): string => {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof DatabaseError) || error.position === undefined) return error.message;
  const before = text.slice(0, Number(error.position) - 1).split('\n').length;
  return `${error.message}, in "${text.split('\n')[before - 1]?.trim()}"`;
};
