import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconWallet } from '@tabler/icons-react';
import { useInfiniteQuery, usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { entriesQuery, walletQuery } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { usePageTitle } from '../../parts/page-title.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Empty } from '../../parts/states.tsx';
import { More } from '../more.tsx';
import { ChargeForm } from './charge-form.tsx';
import { daysOf } from './days.ts';
import { EntryRow } from './entry.tsx';
import classes from './wallet.module.css';

const messages = defineMessages({
  en: {
    title: 'Wallet',
    balance: 'Balance',
    statement: 'Statement',
    count: (count: number, hasMore: boolean) => {
      if (hasMore) return `The newest ${count} entries`;
      return count === 1 ? '1 entry' : `${count} entries`;
    },
    emptyTitle: 'Nothing happened here yet',
    emptyText: 'Charges and payments appear here.',
  },
  ko: {
    title: '지갑',
    balance: '잔액',
    statement: '거래 내역',
    count: (count: number, hasMore: boolean) =>
      hasMore ? `최근 거래 ${count}건` : `거래 ${count}건`,
    emptyTitle: '아직 거래가 없어요',
    emptyText: '충전하고 결제하면 여기에 나타나요.',
  },
});

const Statement = ({ currency }: { readonly currency: string }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const list = useInfiniteQuery(entriesQuery);
  const entries = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data]);
  const days = useMemo(() => daysOf(entries ?? [], format.day), [entries, format]);
  return (
    <Stack component="section" gap="md" aria-labelledby="statement">
      <div>
        <Title order={2} id="statement">
          {t.statement}
        </Title>
        <Text size="sm" c="dimmed" mih={22}>
          {entries === undefined || entries.length === 0
            ? null
            : t.count(entries.length, list.hasNextPage)}
        </Text>
      </div>
      {list.isError && entries === undefined ? (
        <ProblemNotice problem={problemIn(list.error)} onRetry={() => void list.refetch()} />
      ) : null}
      {list.isPending ? <Skeleton h={220} /> : null}
      {entries?.length === 0 ? (
        <Empty
          icon={<IconWallet size={48} stroke={1.2} />}
          title={t.emptyTitle}
          text={t.emptyText}
        />
      ) : null}
      {days.map((day) => (
        <div key={day.day}>
          <h3 className={classes.day}>{day.day}</h3>
          <ul className={classes.entries}>
            {day.entries.map((entry) => (
              <EntryRow key={entry.entryId} entry={entry} currency={currency} />
            ))}
          </ul>
        </div>
      ))}
      <More list={list} />
    </Stack>
  );
};

/** The balance, the form that charges it, and the statement. */
export const WalletPage = () => {
  const t = useMessages(messages);
  const format = useFormat();
  usePageTitle(t.title);
  const session = useSession();
  const { data: wallet, error, refetch } = useQuery(walletQuery);
  // Together with the wallet, whose currency the statement needs.
  usePrefetchInfiniteQuery(entriesQuery);
  return (
    <Stack className={classes.page} gap="lg">
      <div>
        <Title order={1}>{t.title}</Title>
        <Text c="dimmed" size="sm" mt="xs">
          {t.balance}
        </Text>
        {wallet === undefined ? (
          <Skeleton h={48} w={220} />
        ) : (
          <p className={classes.balance} aria-live="polite">
            {format.money(wallet.balance, wallet.currency)}
          </p>
        )}
      </div>
      {wallet === undefined && error !== null ? (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
      ) : null}
      {session && wallet !== undefined ? (
        <>
          <ChargeForm userId={session.id} currency={wallet.currency} />
          <Statement currency={wallet.currency} />
        </>
      ) : error === null ? (
        <Skeleton h={260} />
      ) : null}
    </Stack>
  );
};
