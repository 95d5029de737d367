import * as fc from 'fast-check';
import { Value } from 'typebox/value';
import type { Route } from '../../src/contract/index.ts';

/** The parts of JSON Schema that the routes use. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
}

/** Values that exist in the database, by field name. */
export type Known = Readonly<Record<string, unknown>>;

/** A fixed seed, because any valid value would do. */
const SEED = 20_260_101;

const textOf = ({ pattern, format, minLength = 1 }: Schema): string => {
  if (pattern !== undefined) {
    const [match] = fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: SEED, numRuns: 1 });
    return String(match);
  }
  return format === 'date-time' ? '2026-01-01T00:00:00.000Z' : 'x'.repeat(Math.max(1, minLength));
};

/**
 * An object with all fields, then objects with another variant of one field each; if fields exclude
 * each other, objects without one of them.
 */
const objectsOf = (schema: Schema, known: Known): object[] => {
  const { additionalProperties: other } = schema;
  const matched = typeof other === 'object' ? [['note', other]] : [];
  const fields = [...Object.entries(schema.properties ?? {}), ...matched] as [string, Schema][];
  const variants = fields.map(([name, field]) => [name, samplesOf(field, known, name)] as const);
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
 * Values that match a schema, with every field present and every branch of each union once. Fields
 * in `known` get existing values, so that a request with them has an effect.
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

/** The path of a route with percent-encoded parameters. */
export const pathOf = (
  { path }: Pick<Route, 'path'>,
  values: Readonly<Record<string, unknown>>,
): string =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));

/** Sample values of a route's path parameters. */
export const paramsOf = ({ params }: Pick<Route, 'params'>, known: Known) =>
  (params === undefined ? {} : samplesOf(params, known)[0]) as Record<string, unknown>;
