import { queryColumn } from './queries.ts';

/** What every table and sequence of a database has, one line each; nothing may change it. */
export const contentOf = async (databaseUrl: string): Promise<string[]> => {
  const url = new URL(databaseUrl);
  // The text of a time depends on it.
  url.searchParams.set('options', '-c timezone=UTC');
  const [names = ''] = await queryColumn(
    url.href,
    `select string_agg(format('%I.%I %s', relnamespace::regnamespace, relname, relkind), ',')
     from pg_class
     where relkind in ('r', 'S') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`,
  );
  const reads = names.split(',').map((each) => {
    const [name = '', kind] = each.split(' ');
    const content =
      kind === 'S'
        ? `(select pg_sequence_last_value('${name}')::text)`
        : `(select count(*) || ' ' || sum(hashtextextended(t::text, 0)) from ${name} t)`;
    return `select '${name} ' || coalesce(${content}, 'empty')`;
  });
  return (await queryColumn(url.href, reads.join(' union all '))).toSorted();
};
