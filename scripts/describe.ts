import type pg from 'pg';

/** What PostgreSQL says of a statement without running it. */
export interface Description {
  readonly paramTypes: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
}

interface Field {
  readonly name: string;
  readonly tableID: number;
  readonly columnID: number;
  readonly dataTypeID: number;
}

// The parts of pg's connection that its types leave out.
interface Wire extends NodeJS.EventEmitter {
  parse(message: { text: string; name: string }): void;
  describe(message: { type: 'S'; name: string }): void;
  sync(): void;
}

/** Asks PostgreSQL to parse and describe a statement (protocol: Parse, Describe, Sync). */
export const describe = async (client: pg.Client, text: string): Promise<Description> => {
  const { paramIds, fields } = await askForTypes(client, text);
  const paramTypes = [];
  for (const id of paramIds) paramTypes.push(await typeName(client, id));
  const columns = [];
  for (const { name, tableID, columnID, dataTypeID } of fields) {
    const marked = /[!?]$/.exec(name)?.[0];
    columns.push({
      name: marked === undefined ? name : name.slice(0, -1),
      type: await typeName(client, dataTypeID),
      nullable: marked === '?' || (marked !== '!' && !(await notNull(client, tableID, columnID))),
    });
  }
  return { paramTypes, columns };
};

const askForTypes = (client: pg.Client, text: string) =>
  new Promise<{ paramIds: number[]; fields: Field[] }>((resolve, reject) => {
    let paramIds: number[] = [];
    let fields: Field[] = [];
    const wire = client.connection as unknown as Wire;
    wire.once('parameterDescription', (message: { dataTypeIDs: number[] }) => {
      paramIds = message.dataTypeIDs;
    });
    client.query({
      submit: () => {
        wire.parse({ text, name: '' });
        wire.describe({ type: 'S', name: '' });
        wire.sync();
      },
      handleRowDescription: (message: { fields: Field[] }) => {
        fields = message.fields;
      },
      handleError: reject,
      handleReadyForQuery: () => resolve({ paramIds, fields }),
      callback: () => undefined,
    } as unknown as pg.Submittable);
  });

const typeName = async (client: pg.Client, oid: number): Promise<string> => {
  const { rows } = await client.query<{ name: string }>(
    'select format_type($1::oid, null) as name',
    [oid],
  );
  return rows[0]?.name ?? `oid ${oid}`;
};

const notNull = async (client: pg.Client, table: number, column: number): Promise<boolean> => {
  const { rows } = await client.query<{ attnotnull: boolean }>(
    'select attnotnull from pg_attribute where attrelid = $1 and attnum = $2',
    [table, column],
  );
  return rows[0]?.attnotnull === true;
};
