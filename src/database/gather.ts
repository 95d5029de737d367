import { hash } from 'node:crypto';
import type { QueryConfig, QueryResult } from 'pg';
import type { Queryable } from './statement.ts';

/**
 * The maximum number of combined statements of a connection; each costs some hundred kilobytes in
 * PostgreSQL. Commands come in few combinations; any other runs statement by statement.
 */
const COMBINATIONS_MAX = 100;

/** Set-based writes whose results are not read. */
export interface Gathered {
  /** Gathers statements instead of running them. */
  readonly db: Queryable;
  /** Runs all gathered statements in no particular order, so no two may touch the same rows. */
  readonly send: (to: Queryable) => Promise<unknown>;
}

const NOTHING: QueryResult = { command: '', rowCount: 0, oid: 0, fields: [], rows: [] };

/**
 * The combined statements of a connection, by the names of their parts (data-modifying CTEs,
 * PostgreSQL documentation, section 7.8.4).
 */
type Combinations = Map<string, Combination>;

interface Combination {
  readonly name: string;
  readonly text: string;
  /** The names of the parts, for who watches the connection. */
  readonly summary: string;
}

const combinationsBy = new WeakMap<Queryable, Combinations>();

const combinationsOf = (connection: Queryable): Combinations => {
  const combinations = combinationsBy.get(connection) ?? new Map();
  combinationsBy.set(connection, combinations);
  return combinations;
};

/**
 * Gathers set-based writes and runs them as one statement: the database parses, binds, runs and
 * answers one message instead of many, which saves a fifth of a small transaction's time.
 */
export const gatherStatements = (): Gathered => {
  const statements: QueryConfig[] = [];
  return {
    db: {
      query: (statement: QueryConfig) => {
        statements.push(statement);
        return Promise.resolve(NOTHING);
      },
    },
    send: (to) => {
      const sorted = statements.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
      const combination = combine(sorted, combinationsOf(to));
      if (combination === undefined) return Promise.all(sorted.map((each) => to.query(each)));
      return to.query({ ...combination, values: sorted.flatMap(({ values = [] }) => values) });
    },
  };
};

const nameOf = ({ name = '' }: QueryConfig): string => name;

const combine = (statements: readonly QueryConfig[], combinations: Combinations) => {
  const key = statements.map(nameOf).join(' ');
  const known = combinations.get(key);
  if (known !== undefined || combinations.size === COMBINATIONS_MAX) return known;
  let before = 0;
  const parts = statements.map(({ text, values = [] }, index) => {
    const shift = before;
    before += values.length;
    const shifted = text.replaceAll(
      /\$(\d+)/g,
      (_, number: string) => `$${Number(number) + shift}`,
    );
    return `w${index} as (${shifted})`;
  });
  const made = {
    name: hash('sha256', key, 'hex').slice(0, 32),
    text: `with ${parts.join(', ')} select`,
    summary: key,
  };
  combinations.set(key, made);
  return made;
};
