import * as fc from 'fast-check';
import { Value } from 'typebox/value';
import type { Route } from '../../src/contract/index.ts';

/** The parts of JSON Schema that routes are described with. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
}

/** Values that exist in the database, by the name of the field that they belong in. */
export type Known = Readonly<Record<string, unknown>>;

/** The same samples in every run: they stand for any valid value. */
const SEED = 20_260_101;

const textOf = ({ pattern, format, minLength = 1 }: Schema): string => {
  if (pattern !== undefined) {
    const [match] = fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: SEED, numRuns: 1 });
    return String(match);
  }
  return format === 'date-time' ? '2026-01-01T00:00:00.000Z' : 'x'.repeat(Math.max(1, minLength));
};

/**
 * All fields, then one after the other with another variant of a field; where fields exclude each
 * other, all but one.
 */
const objectsOf = (schema: Schema, known: Known): object[] => {
  const variants = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => [name, samplesOf(field, known, name)] as const,
  );
  const all = Object.fromEntries(variants.map(([name, [value]]) => [name, value]));
  const others = variants.flatMap(([name, [, ...rest]]) =>
    rest.map((value) => ({ ...all, [name]: value })),
  );
  const without = variants.map(([absent]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name !== absent)),
  );
  const valid = [all, ...others].filter((value) => Value.Check(schema, value));
  if (valid.length > 0) return valid;
  const exclusive = without.filter((value) => Value.Check(schema, value));
  if (exclusive.length === 0) throw new Error(`no sample for ${JSON.stringify(schema)}`);
  return exclusive;
};

/**
 * Values that a schema takes: every field filled in, every branch of every union once. Fields that
 * `known` names get what exists, so that a request made of them would have an effect.
 */
export const samplesOf = (schema: Schema, known: Known, name = ''): readonly unknown[] => {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.flatMap((branch) => samplesOf(branch, known, name));
  }
  if (name in known) return [known[name]];
  if ('const' in schema) return [schema.const];
  if (schema.enum !== undefined) return schema.enum.slice(0, 1);
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, known);
    case 'array':
      return samplesOf(schema.items ?? {}, known, name).map((item) => [item]);
    case 'string':
      return [textOf(schema)];
    case 'integer':
    case 'number':
      return [Math.max(1, schema.minimum ?? 1)];
    case 'boolean':
      return [true];
    case 'null':
      return [null];
    case undefined:
    default:
      throw new Error(`no sample for ${name}: ${JSON.stringify(schema)}`);
  }
};

/** A route's path with these values, percent-encoded, for its parameters. */
export const pathOf = (
  { path }: Pick<Route, 'path'>,
  values: Readonly<Record<string, unknown>>,
): string =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));

/** Values for a route's path parameters. */
export const paramsOf = ({ params }: Pick<Route, 'params'>, known: Known) =>
  (params === undefined ? {} : samplesOf(params, known)[0]) as Record<string, unknown>;
