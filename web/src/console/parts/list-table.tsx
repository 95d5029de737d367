import { Button, Group, Skeleton, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { saveFile, toCsv } from './csv.ts';
import classes from './list-table.module.css';

const messages = defineMessages({
  en: {
    shown: (count: string, more: boolean) => `${count}${more ? '+' : ''} shown`,
    more: 'Show more',
    csv: 'Save as CSV',
  },
  ko: {
    shown: (count: string, more: boolean) => `${count}개${more ? ' 이상' : ''}`,
    more: '더 보기',
    csv: 'CSV로 저장',
  },
});

/** A column: how a row is shown in it, and what of it is exported. */
export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The value in the export; without it the column is not exported. */
  readonly csv?: (row: Row) => string | number | null | undefined;
  readonly align?: 'right';
  readonly width?: number;
}

/** The part of an infinite query that a table needs. */
interface Pages<Row> {
  readonly data: { readonly pages: readonly { readonly items: readonly Row[] }[] } | undefined;
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
  readonly keyOf: (row: Row) => string;
  readonly empty: ReactNode;
  readonly openKey?: string | undefined;
  /** Opens a row beside the list. */
  readonly onOpen?: (row: Row) => void;
}

const SKELETON_ROWS = 12;

const moveFocus = (event: KeyboardEvent<HTMLTableRowElement>): void => {
  const { key, currentTarget } = event;
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
  const next =
    key === 'ArrowDown' ? currentTarget.nextElementSibling : currentTarget.previousElementSibling;
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  }
};

/** A list as a table: sticky head, rows that open with Enter, further pages, an export. */
export const ListTable = <Row,>(props: ListTableProps<Row>) => {
  const { name, columns, query, keyOf, empty, openKey, onOpen } = props;
  const t = useMessages(messages);
  const format = useFormat();
  const rows = query.data?.pages.flatMap(({ items }) => items);
  const save = async (): Promise<void> => {
    const exported = columns.flatMap(({ header, csv }) =>
      csv === undefined ? [] : [{ header, value: csv }],
    );
    saveFile(`${name}.csv`, await toCsv(rows ?? [], exported), 'text/csv;charset=utf-8');
  };
  if (query.error !== null) {
    return <ProblemNotice problem={problemIn(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (rows?.length === 0) return empty;
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Text component="output" size="sm" c="dimmed">
          {rows === undefined ? ' ' : t.shown(format.number(rows.length), query.hasNextPage)}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          disabled={rows === undefined}
          onClick={() => void save()}
        >
          {t.csv}
        </Button>
      </Group>
      <div className={classes.scroll}>
        <Table stickyHeader aria-label={name} highlightOnHover className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ header, align, width }) => (
                <Table.Th key={header} ta={align} w={width}>
                  {header}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows === undefined
              ? Array.from({ length: SKELETON_ROWS }, (_, index) => (
                  <Table.Tr key={index}>
                    <Table.Td colSpan={columns.length}>
                      <Skeleton height={20} />
                    </Table.Td>
                  </Table.Tr>
                ))
              : rows.map((row) => (
                  <Table.Tr
                    key={keyOf(row)}
                    tabIndex={onOpen === undefined ? undefined : 0}
                    aria-selected={onOpen === undefined ? undefined : openKey === keyOf(row)}
                    className={onOpen === undefined ? undefined : classes.row}
                    onClick={() => onOpen?.(row)}
                    onKeyDown={(event) => {
                      if (event.key === 'Enter' && event.target === event.currentTarget)
                        onOpen?.(row);
                      else moveFocus(event);
                    }}
                  >
                    {columns.map(({ header, cell, align }) => (
                      <Table.Td key={header} ta={align}>
                        {cell(row)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
          </Table.Tbody>
        </Table>
      </div>
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
