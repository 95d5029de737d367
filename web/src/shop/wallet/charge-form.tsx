import { Alert, Chip, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLocale, useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { MoneyInput } from '../../parts/money-input.tsx';
import { ProgressButton } from '../progress-button.tsx';
import { ChargedByShop, ChargeProblem } from './charge-problem.tsx';
import { quickAmounts } from './days.ts';
import { useCharge, type Charged } from './use-charge.ts';
import classes from './wallet.module.css';

const messages = defineMessages({
  en: {
    title: 'Charge the wallet',
    amount: 'Amount to charge',
    quick: 'Amounts',
    quickOf: (_tenThousands: string, amount: string) => amount,
    charge: (amount: string) => `Charge ${amount}`,
    choose: 'Choose an amount',
    charging: 'Charging…',
    queued: 'Many people are here. You are in the queue — you are charged only once.',
    offline: 'Waiting for the connection. You are charged only once.',
    charged: (amount: string) => `Charged ${amount}.`,
    already: (amount: string) => `${amount} was charged already, and only once.`,
  },
  ko: {
    title: '충전하기',
    amount: '충전할 금액',
    quick: '자주 쓰는 금액',
    quickOf: (tenThousands: string, _amount: string) => `${tenThousands}만 원`,
    charge: (amount: string) => `${amount} 충전하기`,
    choose: '금액을 골라 주세요',
    charging: '충전하고 있어요…',
    queued: '사람이 많아요. 순서를 기다리고 있어요 — 충전은 한 번만 돼요.',
    offline: '연결을 기다리고 있어요. 충전은 한 번만 돼요.',
    charged: (amount: string) => `${amount} 충전했어요.`,
    already: (amount: string) => `${amount}은 이미 충전했어요. 두 번 충전되지 않았어요.`,
  },
});

const Done = ({ charged, currency }: { readonly charged: Charged; readonly currency: string }) => {
  const t = useMessages(messages);
  const amount = useFormat().money(charged.amount, currency);
  return (
    <output>
      <Alert
        role="presentation"
        variant="outline"
        color="var(--moa-good)"
        icon={<IconCircleCheck size={20} aria-hidden />}
      >
        <Text size="sm">{charged.replayed ? t.already(amount) : t.charged(amount)}</Text>
      </Alert>
    </output>
  );
};

interface QuickAmountsProps {
  readonly amount: number | undefined;
  readonly currency: string;
  readonly onChoose: (amount: number) => void;
}

const QuickAmounts = ({ amount, currency, onChoose }: QuickAmountsProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const { locale } = useLocale();
  const label = (quick: number): string => {
    const money = format.money(quick, currency);
    return currency === 'KRW' && locale === 'ko'
      ? t.quickOf(format.number(quick / 10_000), money)
      : money;
  };
  return (
    <Chip.Group value={String(amount ?? '')} onChange={(value) => onChoose(Number(value))}>
      <div className={classes.quick} role="radiogroup" aria-label={t.quick}>
        {quickAmounts(currency).map((quick) => (
          <Chip key={quick} value={String(quick)} variant="outline" size="md">
            {label(quick)}
          </Chip>
        ))}
      </div>
    </Chip.Group>
  );
};

interface ChargeFormProps {
  readonly userId: string;
  readonly currency: string;
}

/** Charges the wallet by a quick or a free amount, once for each press. */
export const ChargeForm = ({ userId, currency }: ChargeFormProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const [amount, setAmount] = useState<number>();
  const charging = useCharge(
    userId,
    useCallback(() => setAmount(undefined), []),
  );
  const { phase, charged, retry } = charging;
  if (charging.isByShop) return <ChargedByShop />;
  const isReady = amount !== undefined && amount > 0;
  const submit = (): void => {
    if (isReady && phase === 'idle' && retry === undefined) charging.charge(amount);
  };
  return (
    <form
      className={classes.card}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        <Title order={2}>{t.title}</Title>
        <QuickAmounts amount={amount} currency={currency} onChoose={setAmount} />
        <MoneyInput
          label={t.amount}
          value={amount}
          onChange={setAmount}
          currency={currency}
          disabled={phase !== 'idle'}
        />
        <ChargeProblem charging={charging} currency={currency} onChoose={setAmount} />
        {charged === undefined ? null : <Done charged={charged} currency={currency} />}
        {retry === undefined ? (
          <ProgressButton
            phase={phase}
            busy={t.charging}
            queued={t.queued}
            offline={t.offline}
            disabled={!isReady}
            onClick={submit}
          >
            {isReady ? t.charge(format.money(amount, currency)) : t.choose}
          </ProgressButton>
        ) : null}
      </Stack>
    </form>
  );
};
