import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Wallet } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { LinkButton } from '../../parts/link.tsx';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Time } from '../../parts/time.tsx';
import { DoneNote } from '../parts/done-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { ShortId } from '../parts/short-id.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { Entries } from './entries.tsx';
import { Erasure } from './erasure.tsx';
import type { MovementKind } from './movement.ts';
import { MovementForm } from './movement-form.tsx';
import { movementMessages } from './movement-messages.ts';
import { PastBalance } from './past-balance.tsx';
import { userQuery, userWalletQuery, WALLET_EVERY_MS, type User } from './queries.ts';
import classes from './wallets.module.css';

const messages = defineMessages({
  en: {
    customer: 'Customer',
    balance: 'Balance',
    id: 'Id',
    created: 'Created',
    orders: 'Orders of this customer',
    entries: 'Entries',
  },
  ko: {
    customer: '고객',
    balance: '잔액',
    id: 'id',
    created: '등록한 때',
    orders: '이 고객의 주문',
    entries: '거래 내역',
  },
});

interface BodyProps {
  readonly user: User;
  readonly wallet: Wallet;
}

const Body = ({ user, wallet }: BodyProps) => {
  const t = useMessages(messages);
  const words = useMessages(movementMessages);
  const format = useFormat();
  const [note, setNote] = useState<string>();
  const [kind, setKind] = useState<MovementKind>();
  const { userId, name, metadata, createdAt } = user;
  const { balance, currency } = wallet;
  const shownName = name ?? userId;
  const begin = (next: MovementKind): void => {
    setNote(undefined);
    setKind(next);
  };
  return (
    <Stack gap="md">
      <div>
        <Text size="xs" c="dimmed">
          {t.balance}
        </Text>
        <p className={classes.balance} aria-live="polite">
          {format.money(balance, currency)}
        </p>
      </div>
      <Facts
        facts={[
          [t.id, <ShortId key="id" id={userId} whole />],
          [t.created, <Time key="created" at={createdAt} />],
          ...Object.entries(metadata).map(
            ([key, value]) => [key, <bdi key={key}>{value}</bdi>] as const,
          ),
        ]}
      />
      <DoneNote text={note} />
      {kind === undefined ? (
        <Group gap={8}>
          <Button size="xs" variant="default" onClick={() => begin('charge')}>
            {words.charge}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={balance === 0}
            onClick={() => begin('withdrawal')}
          >
            {words.withdrawal}
          </Button>
          <LinkButton size="xs" variant="default" to="/console/orders" search={{ user: userId }}>
            {t.orders}
          </LinkButton>
          <Erasure userId={userId} user={shownName} onDone={setNote} />
        </Group>
      ) : (
        <MovementForm
          key={kind}
          kind={kind}
          wallet={wallet}
          user={shownName}
          onClose={() => setKind(undefined)}
          onDone={setNote}
        />
      )}
      <PastBalance userId={userId} currency={currency} />
      <section>
        <Title order={3} mb="xs">
          {t.entries}
        </Title>
        <Entries userId={userId} currency={currency} />
      </section>
    </Stack>
  );
};

interface UserPanelProps {
  readonly userId: string;
  readonly onClose: () => void;
}

/** A user beside the list: the balance, what can be done with it, and what happened. */
export const UserPanel = ({ userId, onClose }: UserPanelProps) => {
  const t = useMessages(messages);
  const user = useQuery(userQuery(userId));
  const wallet = useQuery({ ...userWalletQuery(userId), refetchInterval: WALLET_EVERY_MS });
  const error = user.error ?? wallet.error;
  const retry = (): void => {
    void user.refetch();
    void wallet.refetch();
  };
  const isReady = user.data !== undefined && wallet.data !== undefined;
  return (
    <SidePanel title={user.data?.name ?? userId} name={userId} onClose={onClose}>
      {error === null ? null : <ProblemNotice problem={problemIn(error)} onRetry={retry} />}
      {isReady ? <Body user={user.data} wallet={wallet.data} /> : null}
      {!isReady && error === null ? <Skeleton h={420} aria-label={t.customer} /> : null}
    </SidePanel>
  );
};
