import { Box, Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { toCsv, type CsvColumn } from './csv.ts';
import type { ListPage, ReadPage } from './list-query.ts';
import { readOn } from './read-on.ts';

const messages = defineMessages({
  en: {
    save: 'Save as CSV',
    part: (name: string, count: string) => `${name} (first ${count})`,
    partNote: (count: string) => `The list is longer: the file has its first ${count} rows.`,
  },
  ko: {
    save: 'CSV로 저장',
    part: (name: string, count: string) => `${name} (처음 ${count}개)`,
    partNote: (count: string) => `목록이 더 길어요. 파일에는 처음 ${count}개만 있어요.`,
  },
});

interface SaveAsCsvProps<Row> {
  /** Names the file. */
  readonly name: string;
  readonly columns: readonly CsvColumn<Row>[];
  /** The pages that are shown; undefined while the first one is read. */
  readonly pages: readonly ListPage<Row>[] | undefined;
  readonly readPage: ReadPage<Row>;
  readonly keyOf: (row: Row) => string;
}

/** Saves the rows that are shown and those after them as a file; no file when one is not read. */
export const SaveAsCsv = <Row,>(props: SaveAsCsvProps<Row>) => {
  const { name, columns, pages, readPage, keyOf } = props;
  const t = useMessages(messages);
  const format = useFormat();
  const { mutate, isPending, error, data } = useMutation({
    // Without a connection the operator sees an error at once, not an endless wait.
    networkMode: 'always',
    mutationFn: async () => {
      const { rows, isPart } = await readOn(pages ?? [], readPage, keyOf);
      const count = format.number(rows.length);
      const file = `${isPart ? t.part(name, count) : name}.csv`;
      saveFile(file, await toCsv(rows, columns), 'text/csv;charset=utf-8');
      return isPart ? t.partNote(count) : undefined;
    },
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        disabled={pages === undefined}
        loading={isPending}
        onClick={() => mutate()}
      >
        {t.save}
      </Button>
      {data === undefined ? null : (
        <Text component="output" size="sm" w="100%">
          {data}
        </Text>
      )}
      {error === null ? null : (
        <Box w="100%">
          <ProblemNotice problem={problemIn(error)} onRetry={() => mutate()} />
        </Box>
      )}
    </>
  );
};
