import { isDeepStrictEqual } from 'node:util';

/** The form of a name of a component: of a type, in the languages of most clients. */
const NAME = /^[A-Z][A-Za-z0-9]*$/;

type Json = Readonly<Record<string, unknown>>;

/** A reference to the named component. */
export const refTo = (name: string): string => `#/components/schemas/${name}`;

/**
 * Collects the named schemas of a document: those with a `title`. Two different schemas with the
 * same title are a fault.
 */
export const createComponents = () => {
  const schemas = new Map<string, unknown>();

  /** The value with a reference in place of each named schema. */
  const refer = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(refer);
    if (typeof value !== 'object' || value === null) return value;
    const { title } = value as { readonly title?: unknown };
    const isNamed = typeof title === 'string' && NAME.test(title);
    const members = Object.entries(value).filter(([key]) => !(isNamed && key === 'title'));
    const rest = Object.fromEntries(members.map(([key, inner]) => [key, refer(inner)]));
    if (!isNamed) return rest;
    const known = schemas.get(title);
    if (known !== undefined && !isDeepStrictEqual(known, rest)) {
      throw new Error(`two different schemas are named ${title}`);
    }
    schemas.set(title, rest);
    return { $ref: refTo(title) };
  };

  /** The value with references in all its `schema`s; other values, as examples, stay as they are. */
  const referInSchemas = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(referInSchemas);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value as Json).map(([key, inner]) => {
        if (key === 'schema') return [key, refer(inner)];
        return [key, key.startsWith('example') ? inner : referInSchemas(inner)];
      }),
    );
  };

  return {
    refer,
    referInSchemas,
    /** The collected schemas by name, sorted. */
    all: (): Json => Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};
