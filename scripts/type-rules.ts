/** The TypeScript form of a PostgreSQL type; functions by their names in the runtime's files. */
export interface TypeRule {
  /** The type of a column. */
  readonly ts: string;
  /** The type of a parameter. */
  readonly param: string;
  /** Converts PostgreSQL's text to a value; undefined when the text is the value. */
  readonly decode?: string;
  /** The method that converts a single parameter; undefined when pg sends the value correctly. */
  readonly method?: string;
  /** The format of an element of an array; undefined when no statement has such an array. */
  readonly element?: string;
  readonly isArray: boolean;
}

type ScalarRule = Omit<TypeRule, 'isArray'>;

const TEXT: ScalarRule = { ts: 'string', param: 'string' };
const NUMBER: ScalarRule = { ts: 'number', param: 'number', decode: 'Number' };
/** A parameter is JSON text, so that the caller controls its serialization. */
const JSON_TEXT: ScalarRule = { ...TEXT, ts: 'unknown', decode: 'toJson' };

const RULES: ReadonlyMap<string, ScalarRule> = new Map([
  ['text', { ...TEXT, element: 'textElement' }],
  ['character varying', TEXT],
  ['character', TEXT],
  ['"char"', TEXT],
  ['uuid', { ...TEXT, element: 'uuidElement' }],
  ['smallint', { ...NUMBER, element: 'int2Element' }],
  ['integer', { ...NUMBER, element: 'int4Element' }],
  ['bigint', { ...NUMBER, decode: 'toSafeInteger', element: 'int8Element' }],
  ['numeric', TEXT],
  ['xid8', TEXT],
  ['boolean', { ts: 'boolean', param: 'boolean', decode: 'toBoolean' }],
  [
    'timestamp with time zone',
    {
      ts: 'Date',
      param: 'Date',
      decode: 'toDate',
      method: 'toISOString',
      element: 'timeElement',
    },
  ],
  ['bytea', { ts: 'Buffer', param: 'Buffer', decode: 'toBytes' }],
  ['json', { ...JSON_TEXT, element: 'jsonElement' }],
  ['jsonb', JSON_TEXT],
]);

const ARRAY = /\[\]$/;

/** The rule of a type or of an array of it; throws for a type without a rule. */
export const ruleOf = (type: string): TypeRule => {
  const rule = RULES.get(type.replace(ARRAY, ''));
  if (rule === undefined) throw new Error(`no rule for the type ${type}: cast it or add a rule`);
  return { ...rule, isArray: ARRAY.test(type) };
};
