import { Button, Group } from '@mantine/core';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';

const messages = defineMessages({ en: { more: 'Show more' }, ko: { more: '더 보기' } });

interface MoreButtonProps {
  readonly list: {
    readonly error: unknown;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
    readonly refetch: () => unknown;
  };
}

/** The end of a list in a panel: its next page, or why it was not read. */
export const MoreButton = ({ list }: MoreButtonProps) => {
  const t = useMessages(messages);
  if (list.error !== null)
    return <ProblemNotice problem={problemIn(list.error)} onRetry={() => void list.refetch()} />;
  if (!list.hasNextPage) return null;
  return (
    <Group justify="center" mt="xs">
      <Button
        size="xs"
        variant="default"
        loading={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
      >
        {t.more}
      </Button>
    </Group>
  );
};
