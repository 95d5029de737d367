import { Button, Group, Skeleton, Table, Text } from '@mantine/core';
import { useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import type { ListPage, ReadPage } from './list-query.ts';
import classes from './list-table.module.css';
import { SaveAsCsv } from './save-as-csv.tsx';

const messages = defineMessages({
  en: {
    shown: (count: string, more: boolean) => `${count}${more ? '+' : ''} shown`,
    more: 'Show more',
    loading: 'Loading',
  },
  ko: {
    shown: (count: string, more: boolean) => `${count}개${more ? ' 이상' : ''}`,
    more: '더 보기',
    loading: '불러오는 중이에요',
  },
});

/** A column: how a row is shown in it, and what of it is exported. */
export interface Column<Row> {
  readonly header: string;
  /** Without it the column is only exported. */
  readonly cell?: (row: Row) => ReactNode;
  /** The value in the export; without it the column is not exported. */
  readonly csv?: (row: Row) => string | number | null | undefined;
  readonly align?: 'right';
  readonly width?: number;
  /** Whether the column gives way where the table is narrow: beside a panel, or on a phone only. */
  readonly minor?: boolean | 'phone';
}

/** The part of an infinite query that a table needs. */
interface Pages<Row> {
  readonly data: { readonly pages: readonly ListPage<Row>[] } | undefined;
  /** Whether the pages are those of another query, until the first page of this one is read. */
  readonly isPlaceholderData: boolean;
  readonly error: unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

interface ListTableProps<Row> {
  /** Names the table for screen readers, and the exported file. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly query: Pages<Row>;
  readonly readPage: ReadPage<Row>;
  readonly keyOf: (row: Row) => string;
  readonly empty: ReactNode;
  readonly openKey?: string | undefined;
  /** Opens a row beside the list. */
  readonly onOpen?: (row: Row) => void;
}

const SKELETON_ROWS = 12;

const rowFor = (key: string, row: Element): Element | null | undefined => {
  if (key === 'ArrowDown') return row.nextElementSibling;
  if (key === 'ArrowUp') return row.previousElementSibling;
  if (key === 'Home') return row.parentElement?.firstElementChild;
  return key === 'End' ? row.parentElement?.lastElementChild : undefined;
};

const moveFocus = (event: KeyboardEvent<HTMLTableRowElement>): void => {
  if (event.target !== event.currentTarget) return;
  const next = rowFor(event.key, event.currentTarget);
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  }
};

/** A link or a button in a row does its own thing. */
const isOwnThing = ({ target }: MouseEvent): boolean =>
  target instanceof Element && target.closest('a, button, input') !== null;

const hidden = ({ minor }: Pick<Column<never>, 'minor'>): string | undefined => {
  if (minor === 'phone') return classes.minorOnPhone;
  return minor === true ? classes.minor : undefined;
};

type RowsProps<Row> = Pick<ListTableProps<Row>, 'columns' | 'keyOf' | 'openKey' | 'onOpen'> & {
  readonly rows: readonly Row[];
};

/** The rows; Tab stops at one of them, arrows go to the others. */
const Rows = <Row,>({ rows, columns, keyOf, openKey, onOpen }: RowsProps<Row>) => {
  const [visited, setVisited] = useState<string>();
  const keys = rows.map(keyOf);
  const stop = [visited, openKey].find((key) => key !== undefined && keys.includes(key)) ?? keys[0];
  return rows.map((row, index) => {
    const key = keys[index];
    const opening =
      onOpen === undefined
        ? {}
        : {
            tabIndex: key === stop ? 0 : -1,
            'aria-selected': key === openKey,
            className: classes.row,
            onFocus: () => setVisited(key),
            onClick: (event: MouseEvent) => (isOwnThing(event) ? undefined : onOpen(row)),
            onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => {
              if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row);
              else moveFocus(event);
            },
          };
    return (
      <Table.Tr key={key} {...opening}>
        {columns.map((column) => (
          <Table.Td key={column.header} ta={column.align} className={hidden(column)}>
            {column.cell?.(row)}
          </Table.Td>
        ))}
      </Table.Tr>
    );
  });
};

const SkeletonRows = ({ columns }: { readonly columns: number }) =>
  Array.from({ length: SKELETON_ROWS }, (_, index) => (
    <Table.Tr key={index}>
      <Table.Td colSpan={columns}>
        <Skeleton height={20} />
      </Table.Td>
    </Table.Tr>
  ));

/** A list as a table: sticky head, rows that open with Enter, further pages, an export. */
export const ListTable = <Row,>(props: ListTableProps<Row>) => {
  const { name, columns, query, readPage, keyOf, empty, openKey, onOpen } = props;
  const t = useMessages(messages);
  const format = useFormat();
  const shown = columns.filter(({ cell }) => cell !== undefined);
  const rows = query.data?.pages.flatMap(({ items }) => items);
  const exported = columns.flatMap(({ header, csv }) =>
    csv === undefined ? [] : [{ header, value: csv }],
  );
  // What was read before stays on the page when a further page or a fresh state is not read.
  const notice =
    query.error === null ? null : (
      <ProblemNotice problem={problemIn(query.error)} onRetry={() => void query.refetch()} />
    );
  if (rows === undefined && notice !== null) return notice;
  if (rows?.length === 0) return empty;
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Text component="output" size="sm" c="dimmed">
          {rows === undefined ? t.loading : t.shown(format.number(rows.length), query.hasNextPage)}
        </Text>
        <SaveAsCsv
          name={name}
          columns={exported}
          pages={query.isPlaceholderData ? undefined : query.data?.pages}
          readPage={readPage}
          keyOf={keyOf}
        />
      </Group>
      <div className={classes.scroll}>
        <Table stickyHeader aria-label={name} highlightOnHover className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {shown.map((column) => (
                <Table.Th
                  key={column.header}
                  ta={column.align}
                  w={column.width}
                  className={hidden(column)}
                >
                  {column.header}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows === undefined ? (
              <SkeletonRows columns={shown.length} />
            ) : (
              <Rows
                rows={rows}
                columns={shown}
                keyOf={keyOf}
                openKey={openKey}
                {...(onOpen === undefined ? {} : { onOpen })}
              />
            )}
          </Table.Tbody>
        </Table>
      </div>
      {notice}
      {query.hasNextPage ? (
        <Group justify="center" mt="md">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t.more}
          </Button>
        </Group>
      ) : null}
    </div>
  );
};
