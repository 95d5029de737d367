import { Alert, Button, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import type { Charging } from './use-charge.ts';

const messages = defineMessages({
  en: {
    shopCharges: 'In this shop, the shop charges the wallets. Ask the shop to charge yours.',
    appears: 'The new balance appears here by itself.',
    limit: (limit: string, balance: string) =>
      `A wallet holds at most ${limit}, and yours holds ${balance}. Nothing was charged.`,
    choose: (room: string) => `Choose ${room}`,
    full: 'Nothing more fits at the moment.',
  },
  ko: {
    shopCharges: '이 가게에서는 가게가 지갑을 충전해요. 가게에 충전을 부탁해 주세요.',
    appears: '충전되면 여기에 바로 나타나요.',
    limit: (limit: string, balance: string) =>
      `지갑에는 ${limit}까지 담을 수 있고, 지금 ${balance}이 있어요. 충전되지 않았어요.`,
    choose: (room: string) => `${room}으로 바꾸기`,
    full: '지금은 더 충전할 수 없어요.',
  },
});

/** Says who charges wallets where shoppers may not. */
export const ChargedByShop = () => {
  const t = useMessages(messages);
  return (
    <Alert
      variant="outline"
      color="var(--moa-muted)"
      icon={<IconInfoCircle size={20} aria-hidden />}
      styles={{ root: { background: 'var(--moa-surface)' } }}
    >
      <Text size="sm">{t.shopCharges}</Text>
      <Text size="sm" c="dimmed">
        {t.appears}
      </Text>
    </Alert>
  );
};

interface ChargeProblemProps {
  readonly charging: Charging;
  readonly currency: string;
  /** Takes an amount that fits into the wallet. */
  readonly onChoose: (amount: number) => void;
}

/** Why a charge was refused and what can be done: a smaller amount, or to send it again. */
export const ChargeProblem = ({ charging, currency, onChoose }: ChargeProblemProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const { refusal, retry } = charging;
  if (refusal === undefined) return null;
  const { limit, balance } = refusal;
  if (limit === undefined || balance === undefined)
    return <ProblemNotice problem={refusal} {...(retry === undefined ? {} : { onRetry: retry })} />;
  const room = limit - balance;
  return (
    <Alert
      role="alert"
      variant="outline"
      color="var(--moa-bad)"
      icon={<IconInfoCircle size={20} aria-hidden />}
      styles={{ root: { background: 'var(--moa-surface)' } }}
    >
      <Text size="sm">
        {t.limit(format.money(limit, currency), format.money(balance, currency))}
      </Text>
      {room > 0 ? (
        <Button size="xs" variant="default" mt="xs" onClick={() => onChoose(room)}>
          {t.choose(format.money(room, currency))}
        </Button>
      ) : (
        <Text size="sm">{t.full}</Text>
      )}
    </Alert>
  );
};
