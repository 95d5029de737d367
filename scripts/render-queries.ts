import type { Column, Description } from './describe.ts';
import type { NamedStatement } from './sql-file.ts';
import { ruleOf } from './type-rules.ts';

/** A statement and PostgreSQL's description of it. */
export interface DescribedStatement {
  readonly statement: NamedStatement;
  readonly description: Description;
}

/** The source of one statement and the runtime functions that it calls. */
export interface RenderedStatement {
  readonly source: string;
  readonly uses: ReadonlySet<string>;
}

/** Records a called runtime function and returns its name. */
type Use = (name: string) => string;

interface Param {
  readonly name: string;
  readonly nullable: boolean;
  readonly type: string;
}

const COLUMNS_MAX = 100;
/** PostgreSQL truncates longer names, so two statements could get the same name. */
const NAME_BYTES_MAX = 63;
const GLOBALS = new Set(['Number', 'String']);
const TAKEN = new Set(
  (
    'many one exec batch column arrayOf toArray toBoolean toDate toJson break case catch class ' +
    'const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof let new null return static super switch this throw true ' +
    'try typeof var void while with yield await package private public interface'
  ).split(' '),
);

/** The files of the runtime functions. */
const RUNTIME = { array: 'array.ts', other: 'statement.ts' };

const ARRAY_FUNCTION = /^(?:column|arrayOf|.*Element)$/;

/** Renders the module of one `queries.sql`: a typed function for each statement. */
export const renderModule = (runtime: string, statements: readonly RenderedStatement[]): string => {
  const uses = new Set(statements.flatMap((statement) => [...statement.uses]));
  const files = Map.groupBy([...uses].toSorted(), (name) =>
    ARRAY_FUNCTION.test(name) ? RUNTIME.array : RUNTIME.other,
  );
  const imports = [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, names]) => enclose('import {', names, `} from '${runtime}/${file}';`, '', ','))
    .join('\n');
  const header = '// Generated from queries.sql by "npm run generate". Do not edit.';
  const sources = statements.map(({ source }) => source);
  return `${[`${header}\n${imports}`, ...sources].join('\n\n')}\n`;
};

/** Joins items in brackets, on one line if they fit, else one per line. */
const enclose = (
  open: string,
  items: readonly string[],
  close: string,
  indent = '',
  separator = ';',
): string => {
  const space = open.endsWith('[') ? '' : ' ';
  const line = indent + open + space + items.join(`${separator} `) + space + close;
  if (line.length <= COLUMNS_MAX) return line;
  const lines = items.map((item) => `${indent}  ${item}${separator}\n`);
  return `${indent}${open}\n${lines.join('')}${indent}${close}`;
};

/**
 * The source of one statement; throws when its kind contradicts PostgreSQL's description.
 * `rowTypes` has the module's row types so far, by fields: equal rows share one type.
 */
export const renderStatement = (
  module: string,
  { statement, description }: DescribedStatement,
  rowTypes: Map<string, string>,
): RenderedStatement => {
  const uses = new Set<string>();
  const use: Use = (name) => {
    if (!GLOBALS.has(name)) uses.add(name);
    return name;
  };
  const { name, kind, comment, text } = statement;
  const preparedName = `${module}.${name}`;
  if (Buffer.byteLength(preparedName) > NAME_BYTES_MAX) {
    throw new Error(`"${preparedName}" is longer than ${NAME_BYTES_MAX} bytes`);
  }
  const functionName = name.charAt(0).toLowerCase() + name.slice(1);
  if (TAKEN.has(functionName)) throw new Error(`${functionName} cannot be a function's name`);
  const params = statement.params.map((param, index) => ({
    ...param,
    type: description.paramTypes[index] ?? 'unknown',
  }));
  const columns = kind === 'one' || kind === 'many' ? description.columns : [];
  if (columns.length === 0 && (kind === 'one' || kind === 'many')) {
    throw new Error(`the statement has no rows, so it cannot be :${kind}`);
  }
  const rowType = `${name}Row`;
  const types = columns.length === 0 ? '' : `, ${rowType}`;
  const lines = [
    ...(columns.length === 0 ? [] : [renderRow(rowType, columns, rowTypes), '']),
    ...renderComment(comment),
    renderParams(`export const ${functionName} = ${use(kind)}<`, params, kind, `${types}>({`),
    `  name: '${preparedName}',`,
    `  text: \`${text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&')}\`,`,
    `${renderEncode(params, kind, use)},`,
    ...(columns.length === 0 ? [] : [`${renderDecode(columns, use)},`]),
    '});',
  ];
  return { source: lines.join('\n'), uses };
};

const elementOf = (type: string): string => {
  const { element } = ruleOf(type);
  if (element === undefined) throw new Error(`no rule for an array of ${type}: add one`);
  return element;
};

const renderComment = (comment: string): string[] => {
  if (comment.trim() === '') return [];
  const lines = comment.replaceAll('*/', '* /').split('\n');
  const [only = ''] = lines;
  if (lines.length === 1 && only.length + 7 <= COLUMNS_MAX) return [`/** ${only} */`];
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
};

const camelCase = (name: string): string =>
  name.replaceAll(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

const renderRow = (
  rowType: string,
  columns: readonly Column[],
  rowTypes: Map<string, string>,
): string => {
  const names = new Set<string>();
  const lines = columns.map(({ name, type, nullable }) => {
    if (!/^[a-z]\w*$/i.test(name)) throw new Error(`the column "${name}" needs another name`);
    const camel = camelCase(name);
    if (names.has(camel)) throw new Error(`there are two columns ${camel}`);
    names.add(camel);
    const { ts, isArray } = ruleOf(type);
    const orNull = nullable && !(ts === 'unknown' && !isArray) ? ' | null' : '';
    return `  readonly ${camel}: ${isArray ? `readonly ${ts}[]` : ts}${orNull};\n`;
  });
  const fields = lines.join('');
  const equal = rowTypes.get(fields);
  if (equal !== undefined) return `export type ${rowType} = ${equal};`;
  rowTypes.set(fields, rowType);
  return `export interface ${rowType} {\n${fields}}`;
};

const renderParams = (
  open: string,
  params: readonly Param[],
  kind: NamedStatement['kind'],
  close: string,
): string => {
  if (params.length === 0 && kind === 'batch') throw new Error('a :batch needs parameters');
  if (params.length === 0) return `${open}void${close}`;
  const fields = params.map(({ name, type, nullable }) => {
    const { param, isArray } = ruleOf(type);
    if (kind === 'batch' && !isArray) throw new Error(`:${name} of a :batch is not an array`);
    const ts = isArray && kind !== 'batch' ? `readonly ${param}[]` : param;
    return `readonly ${name}: ${ts}${nullable ? ' | null' : ''}`;
  });
  return enclose(`${open}{`, fields, `}${close}`);
};

const renderEncode = (params: readonly Param[], kind: NamedStatement['kind'], use: Use): string => {
  if (params.length === 0) return '  encode: () => []';
  const [argument, encode] = kind === 'batch' ? ['rows', encodeColumn] : ['params', encodeParam];
  const values = params.map((param) => encode(param, use));
  return enclose(`encode: (${argument}) => [`, values, ']', '  ', ',');
};

const encodeColumn = ({ name, type, nullable }: Param, use: Use): string => {
  const element = use(elementOf(type));
  const encode = nullable ? `${use('nullableElement')}(${element})` : element;
  return `${use('column')}(rows, (row) => row.${name}, ${encode})`;
};

const encodeParam = ({ name, type, nullable }: Param, use: Use): string => {
  const { isArray, method } = ruleOf(type);
  const value = `params.${name}`;
  if (!isArray && method === undefined) return value;
  if (!isArray) return `${value}${nullable ? '?' : ''}.${method}()`;
  const literal = `${use('arrayOf')}(${value}, ${use(elementOf(type))})`;
  return nullable ? `${value} === null ? null : ${literal}` : literal;
};

const renderDecode = (columns: readonly Column[], use: Use): string => {
  const fields = columns.map(
    (column, index) => `${camelCase(column.name)}: ${decodeColumn(column, `r[${index}]`, use)}`,
  );
  return enclose('decode: (r) => ({', fields, '})', '  ', ',');
};

const decodeColumn = ({ type, nullable }: Column, text: string, use: Use): string => {
  const { decode, isArray } = ruleOf(type);
  if (!isArray && decode === undefined) return nullable ? `${text} ?? null` : `${text}!`;
  const decoded = isArray
    ? `${use('toArray')}(${text}!, ${use(decode ?? 'String')})`
    : `${use(decode ?? 'String')}(${text}!)`;
  return nullable ? `${text} === null ? null : ${decoded}` : decoded;
};
