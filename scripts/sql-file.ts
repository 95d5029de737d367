/** One named statement of a `queries.sql` file. */
export interface NamedStatement {
  readonly name: string;
  readonly kind: StatementKind;
  /** The comment under the name: why the statement is as it is. */
  readonly comment: string;
  /** The SQL with `$1`, `$2` … in place of the named parameters. */
  readonly text: string;
  readonly params: readonly { readonly name: string; readonly nullable: boolean }[];
}

const KINDS = ['one', 'many', 'exec', 'batch'] as const;
export type StatementKind = (typeof KINDS)[number];

const HEADER = /^-- name: (\w+) :(\w+)$/;

// What a colon means only outside of these: strings, quoted names, comments, casts and slices.
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|::|:([a-z]\w*)(\?)?/g;

/** Reads the statements of a file; throws an error that names file and statement. */
export const parseSqlFile = (path: string, content: string): NamedStatement[] => {
  const blocks = content.split(/^(?=-- name: )/m).filter((block) => block.trim() !== '');
  return blocks.map((block) => parseStatement(path, block.trimEnd().split('\n')));
};

const parseStatement = (path: string, [header = '', ...lines]: string[]): NamedStatement => {
  const [, name, kind] = HEADER.exec(header) ?? [];
  if (name === undefined || !isKind(kind)) {
    throw new Error(`${path}: "${header}" is not "-- name: <Name> :${KINDS.join('|')}"`);
  }
  const start = lines.findIndex((line) => !line.startsWith('--'));
  const comment = lines.slice(0, start).map((line) => line.replace(/^-- ?/, ''));
  const sql = lines.slice(start).join('\n').trim();
  if (!sql.endsWith(';')) throw new Error(`${path}: ${name} does not end with a semicolon`);
  return { name, kind, comment: comment.join('\n'), ...numberParams(sql.slice(0, -1)) };
};

const isKind = (kind: string | undefined): kind is StatementKind =>
  KINDS.some((known) => known === kind);

const numberParams = (sql: string): Pick<NamedStatement, 'text' | 'params'> => {
  const params = new Map<string, boolean>();
  const text = sql.replaceAll(TOKENS, (token: string, name?: string, nullable?: string) => {
    if (token.startsWith('--')) return '';
    if (name === undefined) return token;
    params.set(name, params.get(name) === true || nullable === '?');
    return `$${[...params.keys()].indexOf(name) + 1}`;
  });
  return { text, params: [...params].map(([name, nullable]) => ({ name, nullable })) };
};
