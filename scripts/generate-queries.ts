import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import pg from 'pg';
import { describe } from './describe.ts';
import { renderQueries } from './render-queries.ts';
import { parseSqlFile } from './sql-file.ts';

export interface Generated {
  readonly path: string;
  readonly content: string;
  /** Whether the file on disk says something else. */
  readonly changed: boolean;
}

/**
 * Makes `queries.gen.ts` for every `src/**` + `/queries.sql`, asking PostgreSQL for the types.
 * Errors name file and statement.
 */
export const generateQueries = async (databaseUrl: string, root: string): Promise<Generated[]> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const generated: Generated[] = [];
    for await (const file of glob('src/**/queries.sql', { cwd: root })) {
      generated.push(await generateFile(client, root, file));
    }
    return generated;
  } finally {
    await client.end();
  }
};

const generateFile = async (client: pg.Client, root: string, file: string): Promise<Generated> => {
  const folder = dirname(file);
  const described = [];
  for (const statement of parseSqlFile(file, await readFile(join(root, file), 'utf8'))) {
    try {
      described.push({ statement, description: await describe(client, statement.text) });
    } catch (error) {
      throw new Error(`${file}: ${statement.name}: ${String(error)}`, { cause: error });
    }
  }
  const runtime = relative(folder, 'src/database/statement.ts');
  const content = renderQueries(basename(folder), runtime, described);
  const path = join(folder, 'queries.gen.ts');
  const existing = await readFile(join(root, path), 'utf8').catch(() => '');
  return { path, content, changed: existing !== content };
};

export const writeGenerated = async (root: string, files: readonly Generated[]): Promise<void> => {
  for (const { path, content } of files) await writeFile(join(root, path), content);
};
