import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseError } from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { assertInvariants } from '../../test/support/database.ts';
import { queryColumn, runSql } from '../../test/support/queries.ts';
import { migrate } from '../database/migrate.ts';
import { findEmbedded, startEmbedded, type EmbeddedDatabase } from './embedded.ts';
import { findPostmaster } from './postmaster.ts';

let directory: string;
let database: EmbeddedDatabase;
let superuserPassword: string;

const start = () => startEmbedded({ directory, log: () => undefined });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moa-role-'));
  database = await start();
  superuserPassword = await readFile(join(directory, 'postgres-password'), 'utf8');
  return async () => {
    await database.stop();
    await rm(directory, { recursive: true });
  };
});

const asService = (sql: string) => queryColumn(database.url, sql);
const asSuperuser = (sql: string) => queryColumn(database.superuserUrl, sql);

const INSUFFICIENT_PRIVILEGE = '42501';

test('the service role is not a superuser and cannot gain rights', async () => {
  const rights =
    'rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin, memberships';
  const [row] = await asService(`
    select row(${rights}) from pg_roles, lateral (
      select count(*) as memberships from pg_auth_members where member = oid
    ) where rolname = current_user`);
  expect(row).toBe('(f,f,f,f,f,t,0)');
  for (const attempt of [
    'alter role moa_service superuser',
    'set role moa',
    'set session authorization moa',
    'grant pg_execute_server_program to moa_service',
    'create role other login superuser',
    "alter system set archive_command = 'true'",
    "set session_preload_libraries = 'x'",
  ]) {
    const outcome = await asService(attempt).catch((error: DatabaseError) => error.code);
    expect([attempt, outcome]).toEqual([attempt, INSUFFICIENT_PRIVILEGE]);
  }
});

test('the service role cannot run programs or access files of the machine', async () => {
  await asService('create table pieces (text text)');
  for (const attempt of [
    "copy pieces to program 'cat'",
    "copy pieces from program 'id'",
    "copy pieces from '/etc/passwd'",
    "copy pieces to '/tmp/pieces'",
    "select pg_read_file('postgresql.conf')",
    "select pg_ls_dir('.')",
    "select lo_import('/etc/passwd')",
    'select * from pg_authid',
    "create function f() returns int language c as 'libc', 'getpid'",
    'create extension file_fdw',
    "load '$libdir/../x'",
  ]) {
    const outcome = await asService(attempt).catch((error: DatabaseError) => error.code);
    expect([attempt, outcome]).toEqual([attempt, INSUFFICIENT_PRIVILEGE]);
  }
  await asService('drop table pieces');
});

test('the service role can create trusted extensions', async () => {
  await asService('create extension pg_trgm');
  expect(await asService("select similarity('moa', 'moa') = 1")).toEqual(['true']);
});

test('only the owner of the data directory can read the passwords', async () => {
  for (const file of ['postgres-password', 'service-password']) {
    expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  }
  expect(database.url).not.toContain(superuserPassword);
});

/** The superuser's objects outside PostgreSQL's own schemas and extensions. */
const OWNED_BY_SUPERUSER = `
  select 'database ' || datname from pg_database
  where datname = current_database() and datdba = 'moa'::regrole
  union all
  select 'schema ' || nspname from pg_namespace
  where nspowner = 'moa'::regrole and nspname !~ '^(pg_|information_schema)'
  union all
  select classid::regclass || ' ' || pg_describe_object(classid, objid, 0)
  from (
    select 'pg_class'::regclass::oid as classid, oid as objid, relnamespace, relowner from pg_class
    union all
    select 'pg_type'::regclass, oid, typnamespace, typowner from pg_type
    union all
    select 'pg_proc'::regclass, oid, pronamespace, proowner from pg_proc
  ) objects (classid, objid, namespace, owner)
  where owner = 'moa'::regrole and namespace::regnamespace::text !~ '^(pg_|information_schema)'
    and not exists (
      select from pg_depend
      where (classid, objid) = (objects.classid, objects.objid) and deptype = 'e'
    )
    and pg_describe_object(classid, objid, 0) !~ '(hstore|gtrgm)\\[\\]'`;

test("a start transfers the superuser's objects to the service role", async () => {
  await migrate(database.url);
  const before = await findEmbedded(directory);
  expect(before).toBe(database.url);
  // The state of versions before the service role, with objects that a migration may create.
  await runSql(
    database.superuserUrl,
    `
    create extension hstore;
    create schema "Old ""things""";
    set search_path to "Old ""things""";
    create table parts (id bigserial primary key, n int generated always as identity, a int[]);
    create table ranges (day date) partition by range (day);
    create table ranges_2026 partition of ranges for values from ('2026-01-01') to ('2027-01-01');
    create view "Seen" as select id from parts;
    create materialized view kept as select id from parts;
    create sequence lone;
    create type mood as enum ('good', 'bad');
    create type pair as (a int, b int);
    create type span as range (subtype = int);
    create domain positive as int check (value > 0);
    create function twice(n int) returns int language sql as 'select 2 * n';
    create procedure nothing() language sql as 'select 1';
    create aggregate total(int) (sfunc = int4pl, stype = int);
    insert into parts (a) values (array[1]);
    reset search_path;
    reassign owned by moa_service to moa;
    drop owned by moa_service;
    drop role moa_service`,
  );
  expect((await asSuperuser(OWNED_BY_SUPERUSER)).length).toBeGreaterThan(40);
  await database.stop();
  await rm(join(directory, 'service-password'));
  expect(await findEmbedded(directory)).toBeUndefined();

  database = await start();
  expect(await asSuperuser(OWNED_BY_SUPERUSER)).toEqual([]);
  expect(await findEmbedded(directory)).toBe(database.url);
  expect(await migrate(database.url)).toEqual([]);
  await assertInvariants(database.url);
  await runSql(
    database.url,
    `
    set search_path to "Old ""things""";
    insert into parts (a) values (array[2]);
    refresh materialized view kept;
    alter table parts add extra mood;
    alter table ranges add extra pair;
    create or replace function twice(n int) returns int language sql as 'select n + n';
    drop schema "Old ""things""" cascade`,
  );
  await runSql(database.url, 'create schema later; drop schema later');
});

test('a start that cannot prepare the database rejects and stops PostgreSQL', async () => {
  await database.stop();
  const file = join(directory, 'postgres-password');
  await writeFile(file, 'another');
  await expect(start()).rejects.toMatchObject({ code: '28P01' });
  expect(await findPostmaster(join(directory, 'postgres'))).toBeUndefined();
  await writeFile(file, superuserPassword);
  // A killed service or a full disk may leave an empty file.
  await writeFile(join(directory, 'service-password'), '');
  database = await start();
  expect(await asService('select current_user')).toEqual(['moa_service']);
});
