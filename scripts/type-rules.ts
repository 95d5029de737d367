/** How values of a PostgreSQL type look in TypeScript; functions by name, of `statement.ts`. */
export interface TypeRule {
  /** The type of a column. */
  readonly ts: string;
  /** The type of a parameter. */
  readonly param: string;
  /** Turns PostgreSQL's text into a value; left out when the text is the value. */
  readonly decode?: string;
  /** What makes a lone parameter; left out when pg sends the value right as it is. */
  readonly method?: string;
  /** Writes an element of an array literal. */
  readonly element: string;
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
/** A parameter is JSON text, so that the caller decides how and when it is written. */
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
  ['json', JSON_TEXT],
  ['jsonb', JSON_TEXT],
]);

const ARRAY = /\[\]$/;

/** The rule of a type or of an array of it; throws for a type that none was made for. */
export const ruleOf = (type: string): TypeRule => {
  const rule = RULES.get(type.replace(ARRAY, ''));
  if (rule === undefined) throw new Error(`no rule for the type ${type}: cast it or add a rule`);
  return { ...rule, isArray: ARRAY.test(type) };
};
