/** The TypeScript form of a PostgreSQL type; functions by their names in `statement.ts`. */
export interface TypeRule {
  /** The type of a column. */
  readonly ts: string;
  /** The type of a parameter. */
  readonly param: string;
  /** Converts PostgreSQL's text to a value; undefined when the text is the value. */
  readonly decode?: string;
  /** The method that converts a single parameter; undefined when pg sends the value correctly. */
  readonly method?: string;
  /** Encodes an element of an array literal; undefined when no statement has such an array. */
  readonly element?: string;
  readonly isArray: boolean;
}

type ScalarRule = Omit<TypeRule, 'isArray'>;

const TEXT: ScalarRule = { ts: 'string', param: 'string', element: 'textElement' };
const NUMBER: ScalarRule = {
  ts: 'number',
  param: 'number',
  decode: 'Number',
  element: 'plainElement',
};
/** A parameter is JSON text, so that the caller controls its serialization. */
const JSON_TEXT: ScalarRule = { ...TEXT, ts: 'unknown', decode: 'toJson' };

const RULES: ReadonlyMap<string, ScalarRule> = new Map([
  ['text', TEXT],
  ['character varying', TEXT],
  ['character', TEXT],
  ['"char"', TEXT],
  ['uuid', { ...TEXT, element: 'uuidElement' }],
  ['smallint', NUMBER],
  ['integer', NUMBER],
  ['bigint', { ...NUMBER, decode: 'toSafeInteger' }],
  ['numeric', TEXT],
  ['xid8', TEXT],
  ['boolean', { ts: 'boolean', param: 'boolean', decode: 'toBoolean', element: 'plainElement' }],
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
  ['json', JSON_TEXT],
  ['jsonb', JSON_TEXT],
]);

const ARRAY = /\[\]$/;

/** The rule of a type or of an array of it; throws for a type without a rule. */
export const ruleOf = (type: string): TypeRule => {
  const rule = RULES.get(type.replace(ARRAY, ''));
  if (rule === undefined) throw new Error(`no rule for the type ${type}: cast it or add a rule`);
  return { ...rule, isArray: ARRAY.test(type) };
};
