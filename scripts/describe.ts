import type { Client, Connection } from 'pg';

/** PostgreSQL's description of a statement; types as `format_type` names them. */
export interface Description {
  readonly paramTypes: readonly string[];
  readonly columns: readonly Column[];
}

/** A column of a statement's rows, its name without the suffix `!` or `?`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

// The used parts of the protocol's messages; pg's types lack them.
interface ParameterDescription {
  readonly dataTypeIDs: readonly number[];
}
interface Field {
  readonly name: string;
  readonly tableID: number;
  readonly columnID: number;
  readonly dataTypeID: number;
}
interface RowDescription {
  readonly fields: readonly Field[];
}

/**
 * Makes PostgreSQL parse and describe a statement without running it (protocol: Parse, Describe,
 * Sync). A column may be null unless it is a table's `not null` column. An alias that ends in `!`
 * or `?` overrides this; outer joins need it, because PostgreSQL does not report that a column
 * comes through one.
 */
export const describe = async (client: Client, text: string): Promise<Description> => {
  const { paramIds, fields } = await askForTypes(client, text);
  const nameOf = await typeNames(client, [...paramIds, ...fields.map((field) => field.dataTypeID)]);
  const notNull = await notNullColumns(client, fields);
  const columns = fields.map((field): Column => {
    const mark = /[!?]$/.exec(field.name)?.[0];
    return {
      name: mark === undefined ? field.name : field.name.slice(0, -1),
      type: nameOf(field.dataTypeID),
      nullable: mark === '?' || (mark !== '!' && !notNull.has(keyOf(field))),
    };
  });
  return { paramTypes: paramIds.map((id) => nameOf(id)), columns };
};

const askForTypes = (client: Client, text: string) =>
  new Promise<{ paramIds: readonly number[]; fields: readonly Field[] }>((resolve, reject) => {
    let paramIds: readonly number[] = [];
    let fields: readonly Field[] = [];
    const takeParams = (message: ParameterDescription) => {
      paramIds = message.dataTypeIDs;
    };
    client.query({
      submit: (connection: Connection) => {
        connection.once('parameterDescription', takeParams);
        connection.parse({ text, name: '', types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
      },
      // PostgreSQL omits this message for a statement without rows.
      handleRowDescription: (message: RowDescription) => {
        fields = message.fields;
      },
      handleError: (error: Error, connection: Connection) => {
        connection.off('parameterDescription', takeParams);
        reject(error);
      },
      handleReadyForQuery: () => resolve({ paramIds, fields }),
      callback: () => undefined,
    });
  });

const typeNames = async (
  client: Client,
  ids: readonly number[],
): Promise<(id: number) => string> => {
  const { rows } = await client.query<{ id: number; name: string }>(
    'select id, format_type(id, null) as name from unnest($1::oid[]) as id',
    [ids],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? `oid ${id}`;
};

const keyOf = ({ tableID, columnID }: Pick<Field, 'tableID' | 'columnID'>): string =>
  `${tableID}.${columnID}`;

const notNullColumns = async (client: Client, fields: readonly Field[]): Promise<Set<string>> => {
  const { rows } = await client.query<Pick<Field, 'tableID' | 'columnID'>>(
    `select attrelid as "tableID", attnum as "columnID" from pg_attribute
     where attnotnull and attrelid = any($1::oid[])`,
    [fields.map((field) => field.tableID)],
  );
  return new Set(rows.map((row) => keyOf(row)));
};
