import { inject, onTestFinished } from 'vitest';
import { checkInvariants } from '../../src/audit/audit.ts';
import { openPool } from '../../src/database/session.ts';
import { runSql } from './queries.ts';

const urlOf = (name: string): string => {
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  return url.href;
};

const onServer = (sql: string): Promise<void> => runSql(urlOf('postgres'), sql);

let count = 0;

/** A migrated, empty database of its own for the running test; it goes away with the test. */
export const createTestDatabase = async (): Promise<string> => {
  const name = `test_${process.pid}_${++count}`;
  const template = new URL(inject('databaseUrl')).pathname.slice(1);
  await onServer(`create database ${name} template ${template}`);
  onTestFinished(() => onServer(`drop database ${name} with (force)`));
  return urlOf(name);
};

/** Throws unless every invariant holds: how every storm ends. */
export const assertInvariants = async (url: string): Promise<void> => {
  const pool = openPool(url, 1);
  try {
    const broken = (await checkInvariants(pool)).filter(({ violations }) => violations.length > 0);
    if (broken.length > 0) throw new Error(JSON.stringify(broken, undefined, 2));
  } finally {
    await pool.end();
  }
};
