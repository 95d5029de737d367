/** One named statement of a `queries.sql` file. */
export interface NamedStatement {
  readonly name: string;
  readonly kind: StatementKind;
  /** The line of the name, from 1. */
  readonly line: number;
  /** The comment below the name: the reason for the form of the statement. */
  readonly comment: string;
  /** The SQL without comments, with `$1`, `$2` … for the named parameters. */
  readonly text: string;
  readonly params: readonly { readonly name: string; readonly nullable: boolean }[];
}

const KINDS = ['one', 'many', 'exec', 'batch'] as const;
type StatementKind = (typeof KINDS)[number];

const HEADER = /^-- name: ([A-Z][A-Za-z0-9]*) :(\w+)$/;
const PARAMETER = /^[a-z][A-Za-z0-9]*$/;

// A colon starts a parameter except inside comments, strings, quoted names and casts.
const TOKENS = new RegExp(
  [
    String.raw`(?<line>^[ \t]*--[^\n]*\n?)`,
    String.raw`(?<comment>[ \t]*--[^\n]*|/\*.*?\*/)`,
    String.raw`\b[eE]'(?:[^'\\]|''|\\.)*'`,
    String.raw`'(?:[^']|'')*'`,
    String.raw`"(?:[^"]|"")*"`,
    String.raw`(?<number>\$\d+)`,
    String.raw`\$(?<tag>[A-Za-z_]\w*)?\$.*?\$\k<tag>\$`,
    '::',
    String.raw`:(?<name>[A-Za-z_]\w*)(?<nullable>\?(?![|&?]))?`,
  ].join('|'),
  'gms',
);

/**
 * Reads the statements of a file, each `-- name: <Name> :<kind>`, comment, SQL, semicolon. An array
 * slice needs a space after its colon, `[1 : n]`, or it looks like a parameter. Errors name file,
 * line and statement.
 */
export const parseSqlFile = (path: string, content: string): NamedStatement[] => {
  const statements: NamedStatement[] = [];
  let line = 1;
  for (const block of content.split(/^(?=-- name: )/m)) {
    if (!isCommentary(block)) statements.push(parseStatement(path, line, block));
    line += block.split('\n').length - 1;
  }
  const names = new Set<string>();
  for (const statement of statements) {
    if (names.has(statement.name)) fail(path, statement.line, `${statement.name} appears twice`);
    names.add(statement.name);
  }
  return statements;
};

/** Whether a block may precede the first statement. */
const isCommentary = (block: string): boolean =>
  !block.startsWith('-- name: ') &&
  block.split('\n').every((line) => line.trim() === '' || line.startsWith('--'));

const fail = (path: string, line: number, message: string): never => {
  throw new Error(`${path}:${line}: ${message}`);
};

const parseStatement = (path: string, line: number, block: string): NamedStatement => {
  const [header = '', ...lines] = block.split('\n').map((text) => text.trimEnd());
  const [, name, kindName] = HEADER.exec(header) ?? [];
  const kind = KINDS.find((known) => known === kindName);
  if (name === undefined || kind === undefined) {
    return fail(path, line, `"${header}" is not "-- name: <Name> :${KINDS.join('|')}"`);
  }
  const start = lines.findIndex((text) => !text.startsWith('--'));
  const comment = lines.slice(0, start).map((text) => text.replace(/^-- ?/, ''));
  const { text, params, fault } = numberParams(start < 0 ? '' : lines.slice(start).join('\n'));
  if (fault !== undefined) fail(path, line, `${name}: ${fault}`);
  if (!text.endsWith(';')) fail(path, line, `${name} does not end with a semicolon`);
  return { name, kind, line, comment: comment.join('\n'), text: text.slice(0, -1).trim(), params };
};

const numberParams = (sql: string) => {
  const nullables = new Map<string, boolean>();
  let fault: string | undefined;
  let text = '';
  let end = 0;
  for (const { 0: token, index, groups } of sql.matchAll(TOKENS)) {
    text += sql.slice(end, index);
    end = index + token.length;
    const name = groups?.['name'];
    if (name !== undefined) {
      if (!PARAMETER.test(name)) fault ??= `:${name} is not camelCase`;
      nullables.set(name, nullables.get(name) === true || groups?.['nullable'] !== undefined);
      text += `$${[...nullables.keys()].indexOf(name) + 1}`;
    } else if (groups?.['number'] !== undefined) {
      fault ??= `${token} must be a named parameter`;
    } else if (groups?.['comment'] !== undefined) {
      if (token.startsWith('/')) text += ' ';
    } else if (groups?.['line'] === undefined) {
      text += token;
    }
  }
  const params = Array.from(nullables, ([name, nullable]) => ({ name, nullable }));
  return { text: (text + sql.slice(end)).trim(), params, fault };
};
