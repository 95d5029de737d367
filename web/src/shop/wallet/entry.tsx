import { Text } from '@mantine/core';
import {
  IconArrowDownLeft,
  IconArrowUpRight,
  IconPlus,
  IconReceiptRefund,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { WalletEntry } from '@moa-commerce/client';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { orderIdOf } from './days.ts';
import classes from './wallet.module.css';

const messages = defineMessages({
  en: {
    charge: 'Charge',
    payment: 'Payment',
    refund: 'Refund',
    withdrawal: 'Withdrawal',
    balance: (amount: string) => `Balance ${amount}`,
    toOrder: 'To the order',
    chargeText: (time: string) => `Charged to this wallet on ${time}.`,
    withdrawalText: (time: string) => `Paid out of this wallet by the shop on ${time}.`,
    number: 'Number',
  },
  ko: {
    charge: '충전',
    payment: '결제',
    refund: '환불',
    withdrawal: '출금',
    balance: (amount: string) => `잔액 ${amount}`,
    toOrder: '주문 보기',
    chargeText: (time: string) => `${time}에 지갑에 충전했어요.`,
    withdrawalText: (time: string) => `${time}에 가게가 지갑에서 돌려드렸어요.`,
    number: '번호',
  },
});

const ICONS = {
  charge: IconPlus,
  payment: IconArrowUpRight,
  refund: IconReceiptRefund,
  withdrawal: IconArrowDownLeft,
};

const Row = ({ entry, currency }: EntryRowProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const { kind, amount, balanceAfter, createdAt } = entry;
  const Icon = ICONS[kind];
  const money = format.money(amount, currency);
  return (
    <>
      <span className={classes.icon}>
        <Icon size={18} aria-hidden />
      </span>
      <span>
        <Text component="span" display="block" fw={500}>
          {t[kind]}
        </Text>
        <Text component="span" size="xs" c="dimmed">
          <time dateTime={createdAt} title={format.exact(createdAt)}>
            {format.clock(createdAt)}
          </time>
        </Text>
      </span>
      <span className={classes.amounts}>
        <Text component="span" fw={600} {...(amount > 0 ? { c: 'var(--moa-good)' } : {})}>
          {amount > 0 ? `+${money}` : money}
        </Text>
        <Text component="span" size="xs" c="dimmed">
          {t.balance(format.money(balanceAfter, currency))}
        </Text>
      </span>
    </>
  );
};

const Explained = ({ entry, children }: { entry: WalletEntry; children: ReactNode }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const time = format.exact(entry.createdAt);
  return (
    <details>
      <summary className={classes.entry}>{children}</summary>
      <Text size="sm" c="dimmed" className={classes.explained}>
        {entry.kind === 'charge' ? t.chargeText(time) : t.withdrawalText(time)}
        <br />
        {t.number} <span className={classes.number}>{entry.reference}</span>
      </Text>
    </details>
  );
};

interface EntryRowProps {
  readonly entry: WalletEntry;
  readonly currency: string;
}

/** One entry with the balance after it: leads to its order, or explains itself. */
export const EntryRow = ({ entry, currency }: EntryRowProps) => {
  const t = useMessages(messages);
  const orderId = orderIdOf(entry);
  const row = <Row entry={entry} currency={currency} />;
  return (
    <li>
      {orderId === undefined ? (
        <Explained entry={entry}>{row}</Explained>
      ) : (
        <Link
          to="/orders/$orderId"
          params={{ orderId }}
          className={classes.entry}
          title={t.toOrder}
        >
          {row}
        </Link>
      )}
    </li>
  );
};
