import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileDatabase } from '../test/support/database.ts';
import { generateQueries } from './generate-queries.ts';

const SCHEMA = 'generate_queries_test';
const DATABASE = new URL('../src/database', import.meta.url).pathname;

const QUERIES = `-- Statements of the test.

-- name: InsertNotes :batch
insert into ${SCHEMA}.notes (note_id, amount, body, made_at, data)
select * from unnest(
  :noteId::uuid[], :amount::bigint[], :body?::text[], :madeAt::timestamptz[], :data::json[]
);

-- name: ListNotes :many
-- Newest first.
-- Never all of them.
select note_id, amount, body, made_at, data, array[amount, 1] as "amounts!" -- not null
from ${SCHEMA}.notes
where made_at < :before::timestamptz and (:body?::text is null or body = :body)
order by made_at desc;

-- name: CountNotes :one
select count(*) as "total!", max(amount) as largest, min(note_id::text) as "first_id?"
from ${SCHEMA}.notes;

-- name: FindNote :one
select amount as "amount?", xact as "xact_id" from ${SCHEMA}.notes
where note_id = any(:noteIds?::uuid[]);

-- name: ForgetNotes :exec
delete from ${SCHEMA}.notes;
`;

let root: string;
let databaseUrl: string;
let client: Client;
beforeAll(async () => {
  databaseUrl = await createFileDatabase();
  client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`
    create schema ${SCHEMA};
    create table ${SCHEMA}.notes (
      note_id uuid not null, amount bigint not null, body text, made_at timestamptz not null,
      data jsonb not null, xact xid8 not null default pg_current_xact_id()
    )`);
  root = await mkdtemp(join(tmpdir(), 'generate-queries-'));
  await mkdir(join(root, 'src', 'notes'), { recursive: true });
  await symlink(DATABASE, join(root, 'src', 'database'));
});
afterAll(async () => {
  await client.end();
  await rm(root, { recursive: true });
});

const generate = async (sql: string, write = false) => {
  await writeFile(join(root, 'src', 'notes', 'queries.sql'), sql);
  const files = await generateQueries({ databaseUrl, root, write });
  return files.find(({ path }) => path === 'src/notes/queries.gen.ts');
};

const contentOf = async (sql: string): Promise<string> => (await generate(sql))?.content ?? '';

interface Note {
  readonly noteId: string;
  readonly amount: number;
  readonly body: string | null;
  readonly madeAt: Date;
  readonly data: string;
}

interface NoteQueries {
  insertNotes(db: Client, rows: readonly Note[]): Promise<number>;
  listNotes(db: Client, params: { before: Date; body: string | null }): Promise<unknown[]>;
  countNotes(db: Client): Promise<unknown>;
  findNote(db: Client, params: { noteIds: readonly string[] | null }): Promise<unknown>;
  forgetNotes(db: Client): Promise<number>;
}

describe('generated functions', () => {
  test('are generated once and then unchanged', async () => {
    const written = await generate(QUERIES, true);
    expect(written?.changed).toBe(true);
    expect(await readFile(join(root, written?.path ?? ''), 'utf8')).toBe(written?.content);
    expect((await generate(QUERIES))?.changed).toBe(false);
  });

  test('store rows and read them back', async () => {
    await generate(QUERIES, true);
    const queries: NoteQueries = await import(join(root, 'src', 'notes', 'queries.gen.ts'));
    const noteId = '01890a5d-ac96-774b-bcce-b302099a8057';
    const madeAt = new Date('2026-01-02T03:04:05.678Z');
    const before = new Date('2027-01-01T00:00:00Z');
    const note = { noteId, amount: 7, body: null, madeAt, data: '{"a":["\\"",1]}' };
    const stored = { ...note, data: { a: ['"', 1] }, amounts: [7, 1] };

    expect(await queries.insertNotes(client, [note])).toBe(1);
    expect(await queries.listNotes(client, { before, body: null })).toEqual([stored]);
    expect(await queries.listNotes(client, { before, body: 'other' })).toEqual([]);
    expect(await queries.listNotes(client, { before: madeAt, body: null })).toEqual([]);
    expect(await queries.countNotes(client)).toEqual({ total: 1, largest: 7, firstId: noteId });
    expect(await queries.findNote(client, { noteIds: [noteId] })).toEqual({
      amount: 7,
      xactId: expect.stringMatching(/^\d+$/),
    });
    expect(await queries.findNote(client, { noteIds: null })).toBeUndefined();
    expect(await queries.forgetNotes(client)).toBe(1);
    expect(await queries.countNotes(client)).toEqual({ total: 0, largest: null, firstId: null });
  });

  test('have nullable types where a value may be null', async () => {
    const content = await contentOf(QUERIES);
    for (const line of [
      'export interface ListNotesRow {\n  readonly noteId: string;\n  readonly amount: number;',
      '  readonly body: string | null;\n  readonly madeAt: Date;\n  readonly data: unknown;',
      '  readonly amounts: readonly number[];\n}',
      '  readonly total: number;\n  readonly largest: number | null;',
      '  readonly firstId: string | null;',
      '  readonly amount: number | null;\n  readonly xactId: string;',
      '{ readonly noteIds: readonly string[] | null }',
    ]) {
      expect(content).toContain(line);
    }
  });

  test('have one type for equal rows', async () => {
    const sql = `-- name: FirstNote :one\nselect note_id, amount from ${SCHEMA}.notes;
-- name: AnyNote :one\nselect note_id, amount from ${SCHEMA}.notes limit 1;
-- name: LastNote :one\nselect note_id, amount as "amount?" from ${SCHEMA}.notes;`;
    const content = await contentOf(sql);
    expect(content).toContain('export type AnyNoteRow = FirstNoteRow;');
    expect(content).toContain('export interface LastNoteRow {');
  });

  test('have the comment as documentation, not in the text', async () => {
    const content = await contentOf(QUERIES);
    expect(content).toContain(
      '/**\n * Newest first.\n * Never all of them.\n */\nexport const listN',
    );
    expect(content).not.toContain('-- ');
  });
});

describe('errors name file, line and statement', () => {
  const faults: [fault: string, sql: string, message: string][] = [
    [
      'an unknown column',
      '\n\n-- name: Find :one\nselect note_id,\n  nothing\nfrom generate_queries_test.notes;',
      'queries.sql:3: Find: column "nothing" does not exist, in "nothing"',
    ],
    ['a type without a rule', '-- name: Find :one\nselect point(1, 2) as p;', 'the type point'],
    ['a column without a name', '-- name: Find :one\nselect 1;', 'the column "?column" needs'],
    [
      'two columns of the same name',
      '-- name: Find :one\nselect 1 as a_b, 2 as "aB";',
      'two columns aB',
    ],
    [
      'missing rows',
      '-- name: Forget :many\ndelete from pg_class;',
      'Forget: the statement has no rows',
    ],
    [
      'a batch without an array',
      '-- name: Put :batch\nselect :a::int;',
      ':a of a :batch is not an array',
    ],
    [
      'a name that PostgreSQL would truncate',
      `-- name: ${'N'.repeat(58)} :exec\nselect 1;`,
      'is longer than 63 bytes',
    ],
    ['a reserved name', '-- name: Delete :exec\nselect 1;', 'delete cannot be'],
  ];

  test.each(faults)('%s', async (_fault, sql, message) => {
    await expect(generate(sql)).rejects.toThrow(message);
    await expect(generate(sql)).rejects.toThrow(/^src\/notes\/queries\.sql:\d+: [A-Z]\w*: /);
  });
});
