import { Client } from 'pg';

/** The role of the service: it owns the database and its objects, and has no other rights. */
export const SERVICE_ROLE = 'moa_service';
/** The superuser of `initdb`, for start, creation and repair; could run programs and read files. */
export const SUPERUSER = 'moa';
export const DATABASE = 'moa';

const CREATE_ROLE = `
do $$ begin
  if to_regrole('${SERVICE_ROLE}') is null then create role ${SERVICE_ROLE}; end if;
end $$`;

// PostgreSQL refuses REASSIGN OWNED for the superuser of initdb. A sequence of a column follows its
// table, so tables come first. Objects of an extension keep their owner.
const TAKE_OVER = `
do $$
declare
  statement text;
begin
  for statement in
    select format('alter database %I', datname)
    from pg_database
    where datname = current_database() and datdba = '${SUPERUSER}'::regrole
    union all
    select format('alter schema %I', nspname)
    from pg_namespace
    where
      nspowner = '${SUPERUSER}'::regrole
      and nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    (
      with objects (catalog, id, namespace, owner, place, statement) as (
        select
          'pg_class'::regclass, oid, relnamespace, relowner, case relkind when 'S' then 2 else 1 end,
          format('alter table %s', oid::regclass)
        from pg_class
        where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        union all
        select 'pg_type'::regclass, oid, typnamespace, typowner, 3, format('alter type %s', oid::regtype)
        from pg_type
        where
          typtype in ('d', 'e', 'r')
          or typtype = 'c' and exists (select from pg_class where oid = typrelid and relkind = 'c')
        union all
        select
          'pg_proc'::regclass, oid, pronamespace, proowner, 4,
          format('alter routine %s', oid::regprocedure)
        from pg_proc
      )
      select objects.statement
      from objects join pg_namespace on pg_namespace.oid = namespace
      where
        owner = '${SUPERUSER}'::regrole
        and nspname !~ '^pg_' and nspname <> 'information_schema'
        and not exists (
          select from pg_depend where classid = catalog and objid = id and deptype = 'e'
        )
      order by place
    )
  loop
    execute statement || ' owner to ${SERVICE_ROLE}';
  end loop;
end $$`;

/**
 * Creates the service role, and the database if it is missing, and transfers objects that an
 * earlier version created as superuser. Repeatable after an interrupted start.
 */
export const prepareDatabase = async (
  superuserUrl: (database: string) => string,
  password: string,
): Promise<void> => {
  await withClient(superuserUrl('postgres'), async (client) => {
    await client.query(CREATE_ROLE);
    await client.query(
      `alter role ${SERVICE_ROLE}
       login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
       password ${client.escapeLiteral(password)}`,
    );
    const found = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) {
      await client.query(`create database ${DATABASE} owner ${SERVICE_ROLE}`);
    }
  });
  await withClient(superuserUrl(DATABASE), (client) => client.query(TAKE_OVER));
};

const withClient = async (
  url: string,
  use: (client: Client) => Promise<unknown>,
): Promise<void> => {
  const client = new Client({ connectionString: url });
  // The pending statement rejects with the same error.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
};
