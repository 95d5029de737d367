import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { InputError } from '../contract/index.ts';
import { bounded, escapeStep } from './pointer.ts';

/** Enough errors to correct a request. */
const ERRORS_MAX = 20;

/**
 * Values in an input up to which all errors are collected, which costs time per error. A larger
 * invalid input is not a typing mistake.
 */
const NAMED_VALUES_MAX = 1_000;

const STRICT = { coerceTypes: false, removeAdditional: false, useDefaults: false };

// Well-formed Unicode without control characters except line breaks and tabs: PostgreSQL, JSON and
// every reader can store it. A lone surrogate would silently become another character.
const CONTROL = /(?![\t\n\r])\p{Cc}/u;
const isText = (value: string): boolean => value.isWellFormed() && !CONTROL.test(value);

// A visible letter, digit, mark or symbol: a name of spaces, zero-width characters, fillers or
// empty Braille cells would look empty.
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
const isName = (value: string): boolean => isText(value) && VISIBLE.test(value);

const createAjv = (allErrors: boolean): Ajv => {
  const ajv = new Ajv({ ...STRICT, allErrors });
  ajv.addFormat('text', isText);
  ajv.addFormat('name', isName);
  formats.default(ajv, ['date', 'date-time']);
  return ajv;
};

/** A validator, compiled at its first use. */
type Compiled = () => ValidateFunction;

/** Compiling the schemas of all routes is a fifth of a start, and most are not called at once. */
const compileOnUse = (ajv: Ajv, schema: Schema): Compiled => {
  let validate: ValidateFunction | undefined;
  return () => (validate ??= ajv.compile(schema));
};

/**
 * Creates validators that reject instead of correcting: no value is coerced, removed or filled in,
 * except that numbers in a query string, which are always text, are parsed. An input of ordinary
 * size gets all its errors reported, a larger one the first.
 */
export const createValidatorCompiler = () => {
  const quick = createAjv(false);
  const thorough = createAjv(true);
  return ({ schema, httpPart }: { schema: Schema; httpPart?: string }): ValidateFunction => {
    const named = (part: Schema): ValidateFunction =>
      namingPlaces(compileOnUse(quick, part), compileOnUse(thorough, part));
    const { anyOf } = schema;
    const validate =
      anyOf === undefined || httpPart !== 'body'
        ? named(schema)
        : choosingObject(compileOnUse(quick, schema), anyOf, anyOf.map(named));
    return httpPart === 'querystring' ? readingIntegers(schema, validate) : validate;
  };
};

/**
 * Explains an invalid body that may be one of several objects. If the body has fields that only
 * one of the objects requires, the errors are those of that object. Otherwise one error lists the
 * fields of which the body must have one.
 */
const choosingObject = (
  findFirst: Compiled,
  objects: readonly Schema[],
  validators: readonly ValidateFunction[],
): ValidateFunction => {
  const fields = objects.map(({ required = [] }, index) =>
    required.filter((name) =>
      objects.every(({ properties = {} }, other) => other === index || !(name in properties)),
    ),
  );
  const choices = fields.flat();
  const isShared = (name: string): boolean =>
    objects.every(({ properties = {} }) => name in properties);

  const errorsIn = (data: unknown): readonly Partial<ErrorObject>[] => {
    const [first] = validators;
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      return errorsOf(first, data);
    const given = fields.flatMap((names, index) =>
      names.some((name) => Object.hasOwn(data, name)) ? [index] : [],
    );
    if (given.length === 1) return errorsOf(validators[given[0]!], data);
    const message =
      given.length === 0
        ? `must have one of the fields ${choices.join(', ')}`
        : `must have only one of the fields ${choices.join(', ')}`;
    const shared = errorsOf(first, data).filter((error) => isShared(fieldOf(error)));
    return [{ keyword: 'anyOf', instancePath: '', params: {}, message }, ...shared];
  };

  const validate = (data: unknown): boolean => {
    if (findFirst()(data)) return true;
    Object.assign(validate, { errors: errorsIn(data) });
    return false;
  };
  return validate as unknown as ValidateFunction;
};

const errorsOf = (validate: ValidateFunction | undefined, data: unknown): readonly ErrorObject[] =>
  validate === undefined || validate(data) ? [] : (validate.errors ?? []);

/** The field of an object that an error is about. */
const fieldOf = (error: ErrorObject): string =>
  `${error.instancePath}${propertyOf(error)}`.split('/')[1] ?? '';

/** Stops at the first error; collects all errors only for a small input. */
const namingPlaces = (findFirst: Compiled, findAll: Compiled): ValidateFunction => {
  const validate = (data: unknown): boolean => {
    let find = findFirst();
    if (find(data)) return true;
    if (isSmall(data)) {
      find = findAll();
      find(data);
    }
    // Fastify reads the errors from the function that it called.
    Object.assign(validate, { errors: find.errors });
    return false;
  };
  return validate as unknown as ValidateFunction;
};

const isSmall = (data: unknown): boolean => countValues(data, NAMED_VALUES_MAX) <= NAMED_VALUES_MAX;

/** The number of values inside a value; stops soon after `max`, at any size or depth. */
const countValues = (value: unknown, max: number): number => {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value) && value.length > max) return value.length;
  const members = value as Readonly<Record<string, unknown>>;
  let count = 0;
  // Unlike `Object.values`, this does not copy a large object.
  for (const name in members) {
    count += 1;
    if (count > max) break;
    count += countValues(members[name], max - count);
  }
  return count;
};

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

/** A plain whole number: no sign, exponent, fraction, space or leading zero. */
const DIGITS = /^(?:0|[1-9]\d{0,15})$/;

const readingIntegers = (
  { properties = {} }: Schema,
  validate: ValidateFunction,
): ValidateFunction => {
  const integers = Object.keys(properties).filter((name) => properties[name]?.type === 'integer');
  const read = (query: Record<string, unknown>): boolean => {
    for (const name of integers) {
      const value = query[name];
      if (typeof value === 'string' && DIGITS.test(value)) query[name] = Number(value);
    }
    const isValid = validate(query);
    Object.assign(read, { errors: validate.errors });
    return isValid;
  };
  return read as unknown as ValidateFunction;
};

const PREFIXES: Readonly<Record<string, string>> = {
  body: '',
  querystring: '/query',
  params: '/path',
  headers: '/headers',
};

/** The errors of a failed validation, each with its pointer. */
export const inputErrors = (part: string, errors: readonly ErrorObject[]): InputError[] =>
  errors.slice(0, ERRORS_MAX).map((error) => ({
    pointer: bounded(`${PREFIXES[part] ?? ''}${error.instancePath}${propertyOf(error)}`),
    message: messageOf(error),
  }));

/** A missing or unknown property is named itself, not its object. */
const propertyOf = ({ keyword, params }: ErrorObject): string => {
  const name: unknown =
    keyword === 'required' ? params['missingProperty'] : params['additionalProperty'];
  return typeof name === 'string' ? `/${escapeStep(name)}` : '';
};

/** Finds the errors of a value on its own, by JSON pointers into the value. */
export const createErrorFinder = (schema: object): ((value: unknown) => InputError[]) => {
  const validate = createValidatorCompiler()({ schema });
  return (value) => (validate(value) ? [] : inputErrors('body', validate.errors ?? []));
};

const FORMATS: Readonly<Record<string, string>> = {
  text: 'must be well-formed text without control characters',
  name: 'must be well-formed text without control characters, with a visible character',
  date: 'must be an existing date, YYYY-MM-DD',
  'date-time': 'must be an existing date and time in the format of RFC 3339',
};

const messageOf = ({ keyword, params, message }: ErrorObject): string => {
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is not a field of this request';
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'format':
      return FORMATS[String(params['format'])] ?? 'does not have its format';
    case 'not':
      return 'must not be zero';
    default:
      return message ?? 'is not valid';
  }
};
