import type { Description } from './describe.ts';
import type { NamedStatement } from './sql-file.ts';

interface TypeRule {
  readonly ts: string;
  /** Turns PostgreSQL's text into a value; `$` stands for the text. */
  readonly decode: string;
  /** The function that writes an element of an array literal. */
  readonly element: string;
}

const plain = (ts: string, decode: string): TypeRule => ({ ts, decode, element: 'plainElement' });
const quoted = (ts: string, decode: string): TypeRule => ({ ts, decode, element: 'textElement' });

/** How each type of PostgreSQL looks in TypeScript. */
const TYPES: Readonly<Record<string, TypeRule>> = {
  text: quoted('string', '$'),
  uuid: plain('string', '$'),
  smallint: plain('number', 'Number($)'),
  integer: plain('number', 'Number($)'),
  bigint: plain('number', 'toSafeInteger($)'),
  boolean: plain('boolean', 'toBoolean($)'),
  xid8: plain('string', '$'),
  numeric: plain('string', '$'),
  'timestamp with time zone': { ts: 'Date', decode: 'toDate($)', element: 'timeElement' },
  json: quoted('unknown', 'toJson($)'),
  jsonb: quoted('unknown', 'toJson($)'),
};

/** What a JSON parameter takes: the text, so that the caller decides how it is written. */
const paramType = (name: string): string => (name.startsWith('json') ? 'string' : ruleOf(name).ts);

const ruleOf = (type: string): TypeRule => {
  const rule = TYPES[type];
  if (rule === undefined) throw new Error(`no rule for the type ${type}: add it to TYPES`);
  return rule;
};

const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The module of one `queries.sql`: a typed function for each statement. */
export const renderQueries = (
  module: string,
  runtime: string,
  statements: readonly { statement: NamedStatement; description: Description }[],
): string => {
  const body = statements
    .map(({ statement, description }) => renderStatement(module, statement, description))
    .join('\n');
  const names = [...new Set(body.match(/\b(?:many|one|exec|batch|column|arrayOf|\w+Element|to[A-Z]\w+)(?=[(<,)])/g))];
  const imported = names.filter((name) => RUNTIME.has(name)).toSorted();
  return [
    '// Generated from queries.sql by "npm run generate". Do not edit.',
    `import { ${imported.join(', ')} } from '${runtime}';`,
    '',
    body,
  ].join('\n');
};

const RUNTIME = new Set([
  ...['many', 'one', 'exec', 'batch', 'column', 'arrayOf'],
  ...['plainElement', 'textElement', 'timeElement', 'nullableElement'],
  ...['toSafeInteger', 'toBoolean', 'toDate', 'toJson'],
]);

const NAME_BYTES_MAX = 63;

const renderStatement = (
  module: string,
  statement: NamedStatement,
  { paramTypes, columns }: Description,
): string => {
  const { name, kind, comment, text } = statement;
  const fullName = `${module}.${name}`;
  if (fullName.length > NAME_BYTES_MAX) throw new Error(`${fullName} is longer than a name can be`);
  const params = statement.params.map((param, index) => ({ ...param, type: paramTypes[index]! }));
  const isBatch = kind === 'batch';
  const hasRows = kind === 'one' || kind === 'many';
  const rowType = `${name}Row`;

  const lines: string[] = [];
  if (hasRows) {
    lines.push(`export interface ${rowType} {`);
    for (const column of columns) {
      const nullable = column.nullable ? ' | null' : '';
      lines.push(`  readonly ${camelCase(column.name)}: ${tsOf(column.type)}${nullable};`);
    }
    lines.push('}', '');
  }
  if (comment !== '') {
    lines.push('/**', ...comment.split('\n').map((line) => ` * ${line}`), ' */');
  }
  const paramsType = `{ ${params.map((param) => renderParam(param, isBatch)).join('; ')} }`;
  const typeArguments = [
    params.length === 0 ? 'void' : paramsType,
    ...(hasRows ? [rowType] : []),
  ].join(', ');
  lines.push(
    `export const ${name[0]!.toLowerCase()}${name.slice(1)} = ${kind}<${typeArguments}>({`,
    `  name: '${fullName}',`,
    `  text: \`${text.replaceAll(/[\\`$](?!\d)/g, '\\$&')}\`,`,
    isBatch
      ? `  encode: (rows) => [${params.map(encodeColumn).join(', ')}],`
      : `  encode: (${params.length === 0 ? '' : 'params'}) => [${params.map(encodeParam).join(', ')}],`,
  );
  if (hasRows) {
    const fields = columns.map(
      (column, index) => `${camelCase(column.name)}: ${decodeColumn(column, `r[${index}]!`)}`,
    );
    lines.push(`  decode: (r) => ({ ${fields.join(', ')} }),`);
  }
  lines.push('});', '');
  return lines.join('\n');
};

interface Param {
  readonly name: string;
  readonly nullable: boolean;
  readonly type: string;
}

const ARRAY = /\[\]$/;

const tsOf = (type: string): string =>
  ARRAY.test(type) ? `readonly ${ruleOf(type.replace(ARRAY, '')).ts}[]` : ruleOf(type).ts;

const renderParam = ({ name, nullable, type }: Param, isBatch: boolean): string => {
  const element = paramType(type.replace(ARRAY, ''));
  const ts = !isBatch && ARRAY.test(type) ? `readonly ${element}[]` : element;
  return `readonly ${name}: ${ts}${nullable ? ' | null' : ''}`;
};

const elementOf = ({ type, nullable }: Param): string => {
  const { element } = ruleOf(type.replace(ARRAY, ''));
  return nullable ? `nullableElement(${element})` : element;
};

const encodeColumn = (param: Param): string => {
  if (!ARRAY.test(param.type)) throw new Error(`:${param.name} of a batch must be an array`);
  return `column(rows, (row) => row.${param.name}, ${elementOf(param)})`;
};

const encodeParam = (param: Param): string =>
  ARRAY.test(param.type)
    ? `arrayOf(params.${param.name}, ${elementOf({ ...param, nullable: false })})`
    : `params.${param.name}`;

const decodeColumn = ({ type, nullable }: Description['columns'][number], text: string): string => {
  const decoded = ruleOf(type).decode.replace('$', text);
  return nullable && decoded !== text ? `${text} === null ? null : ${decoded}` : decoded;
};
