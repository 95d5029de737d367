import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { bounded, escapeStep } from './pointer.ts';

/** More than these help nobody to mend a request. */
const ERRORS_MAX = 20;

export interface InputError {
  /** Where: a JSON pointer (RFC 6901) into the body, or `/query/…`, `/path/…`, `/headers/…`. */
  readonly pointer: string;
  readonly message: string;
}

/** Naming every place costs as much as there are places; such a large input is no slip. */
const NAMED_VALUES_MAX = 1_000;

const STRICT = { coerceTypes: false, removeAdditional: false, useDefaults: false };

// Well-formed Unicode without control characters other than line breaks and tabs: what PostgreSQL,
// JSON and every reader can hold. A lone surrogate would silently become another character.
const CONTROL = /(?![\t\n])\p{Cc}/u;
const isText = (value: string): boolean => value.isWellFormed() && !CONTROL.test(value);

// A letter, digit, mark or symbol that is not made to be invisible: a name of blanks, zero-width
// characters, fillers or an empty Braille cell looks like no name.
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
const isName = (value: string): boolean => isText(value) && VISIBLE.test(value);

const createAjv = (allErrors: boolean): Ajv => {
  const ajv = new Ajv({ ...STRICT, allErrors });
  ajv.addFormat('text', isText);
  ajv.addFormat('name', isName);
  formats.default(ajv, ['date-time']);
  return ajv;
};

/**
 * Makes validators that refuse instead of mending: nothing is coerced, dropped or filled in. Only
 * the numbers of a query string, which can be nothing but text, are read as numbers. In an input of
 * ordinary size they name every place that is wrong, in a larger one the first.
 */
export const createValidatorCompiler = () => {
  const quick = createAjv(false);
  const thorough = createAjv(true);
  return ({ schema, httpPart }: { schema: Schema; httpPart?: string }): ValidateFunction => {
    const validate = namingPlaces(quick.compile(schema), () => thorough.compile(schema));
    return httpPart === 'querystring' ? readingIntegers(schema, validate) : validate;
  };
};

/** Stops at the first error, and looks for all of them only in what is small. */
const namingPlaces = (
  findFirst: ValidateFunction,
  compileThorough: () => ValidateFunction,
): ValidateFunction => {
  let findAll: ValidateFunction | undefined;
  const validate = (data: unknown): boolean => {
    if (findFirst(data)) return true;
    let { errors } = findFirst;
    if (isSmall(data)) {
      findAll ??= compileThorough();
      findAll(data);
      errors = findAll.errors;
    }
    // Fastify looks for the errors on the function that it called.
    Object.assign(validate, { errors });
    return false;
  };
  return validate as unknown as ValidateFunction;
};

const isSmall = (data: unknown): boolean => countValues(data, NAMED_VALUES_MAX) <= NAMED_VALUES_MAX;

/** How many values there are inside a value; stops soon after `max`, however large or deep it is. */
const countValues = (value: unknown, max: number): number => {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value) && value.length > max) return value.length;
  const members = value as Readonly<Record<string, unknown>>;
  let count = 0;
  // Unlike `Object.values`, this copies nothing of what is large.
  for (const name in members) {
    count += 1;
    if (count > max) break;
    count += countValues(members[name], max - count);
  }
  return count;
};

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

/** A whole number as people write it: no sign, exponent, fraction, space or leading zero. */
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

/** What a failed validation says, place by place. */
export const inputErrors = (part: string, errors: readonly ErrorObject[]): InputError[] =>
  errors.slice(0, ERRORS_MAX).map((error) => ({
    pointer: bounded(`${PREFIXES[part] ?? ''}${error.instancePath}${propertyOf(error)}`),
    message: messageOf(error),
  }));

/** A missing or unknown property is named itself, not the object that should have it or not. */
const propertyOf = ({ keyword, params }: ErrorObject): string => {
  const name: unknown =
    keyword === 'required' ? params['missingProperty'] : params['additionalProperty'];
  return typeof name === 'string' ? `/${escapeStep(name)}` : '';
};

const FORMATS: Readonly<Record<string, string>> = {
  text: 'must be well-formed text without control characters',
  name: 'must be well-formed text without control characters, with something to see in it',
  'date-time': 'must be a date and time that exists, as in RFC 3339',
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
