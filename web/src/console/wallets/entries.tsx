import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { WalletEntry } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { TextLink } from '../../parts/link.tsx';
import { Time } from '../../parts/time.tsx';
import { orderIdOf } from '../../shop/wallet/days.ts';
import { ListTable, type Column } from '../parts/list-table.tsx';
import { shortId, ShortId } from '../parts/short-id.tsx';
import { signed } from './movement.ts';
import { userEntriesQuery } from './queries.ts';
import classes from './wallets.module.css';

const messages = defineMessages({
  en: {
    name: (user: string) => `Entries of ${user}`,
    charge: 'Charge',
    payment: 'Payment',
    refund: 'Refund',
    withdrawal: 'Withdrawal',
    entry: 'Entry',
    time: 'Time',
    amount: 'Amount',
    after: 'Balance after',
    currency: 'Currency',
    reference: 'Leads to',
    order: (id: string) => `Order …${id}`,
    none: 'Nothing happened in this wallet yet.',
  },
  ko: {
    name: (user: string) => `${user}님의 거래`,
    charge: '충전',
    payment: '결제',
    refund: '환불',
    withdrawal: '출금',
    entry: '거래',
    time: '때',
    amount: '금액',
    after: '거래 후 잔액',
    currency: '통화',
    reference: '연결',
    order: (id: string) => `주문 …${id}`,
    none: '아직 이 지갑에 거래가 없어요.',
  },
});

const Reference = ({ entry }: { readonly entry: WalletEntry }) => {
  const t = useMessages(messages);
  const order = orderIdOf(entry);
  return (
    <div className={classes.line}>
      {order === undefined ? (
        <ShortId id={entry.reference} />
      ) : (
        <TextLink to="/console/orders" search={{ order }} size="xs">
          {t.order(shortId(order))}
        </TextLink>
      )}
    </div>
  );
};

const useEntryColumns = (currency: string): readonly Column<WalletEntry>[] => {
  const t = useMessages(messages);
  const format = useFormat();
  const money = (amount: number): string => format.money(amount, currency);
  return [
    {
      header: t.time,
      minor: true,
      cell: ({ createdAt }) => <Time at={createdAt} />,
      csv: ({ createdAt }) => createdAt,
    },
    {
      header: t.entry,
      cell: (entry) => (
        <>
          {t[entry.kind]}
          <Reference entry={entry} />
          <Text component="span" display="block" size="xs" c="dimmed" className={classes.line}>
            <Time at={entry.createdAt} />
          </Text>
        </>
      ),
      csv: ({ kind }) => kind,
    },
    {
      header: t.amount,
      align: 'right',
      cell: ({ amount }) => (
        <Text
          component="span"
          size="sm"
          fw={600}
          className={classes.line}
          {...(amount > 0 ? { c: 'var(--moa-good)' } : {})}
        >
          {signed(amount, money)}
        </Text>
      ),
      csv: ({ amount }) => format.major(amount, currency),
    },
    {
      header: t.after,
      align: 'right',
      cell: ({ balanceAfter }) => <span className={classes.line}>{money(balanceAfter)}</span>,
      csv: ({ balanceAfter }) => format.major(balanceAfter, currency),
    },
    { header: t.currency, csv: () => currency },
    {
      header: t.reference,
      csv: ({ reference }) => reference,
    },
  ];
};

interface EntriesProps {
  readonly userId: string;
  readonly currency: string;
}

/** The entries of a wallet, newest first; those of an order lead to it. */
export const Entries = ({ userId, currency }: EntriesProps) => {
  const t = useMessages(messages);
  const list = userEntriesQuery(userId);
  const query = useInfiniteQuery(list);
  const columns = useEntryColumns(currency);
  return (
    <ListTable
      name={t.name(userId)}
      columns={columns}
      query={query}
      readPage={list.readPage}
      keyOf={({ entryId }) => entryId}
      empty={
        <Text size="sm" c="dimmed">
          {t.none}
        </Text>
      }
    />
  );
};
