import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Intent, Result, Wallet } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { MoneyInput } from '../../parts/money-input.tsx';
import { Confirmation } from '../parts/confirmation.tsx';
import { settle } from '../parts/settle.ts';
import { useGuard } from '../parts/use-guard.tsx';
import { balanceAfter, refusalIn, type MovementKind, type MovementRefusal } from './movement.ts';
import { movementMessages } from './movement-messages.ts';
import { refreshUser } from './queries.ts';
import classes from './wallets.module.css';

/** Charges in this tab share the key with the same charge whose answer was lost. */
const intentOf = (kind: MovementKind, userId: string, amount: number): Intent =>
  moa.intent(`charge:console:${kind}:${userId}:${amount}`);

type Moved = Result<
  { readonly amount: number; readonly balance: number },
  { readonly code: string; readonly balance?: number; readonly limit?: number }
>;

const send = async (
  kind: MovementKind,
  userId: string,
  amount: number,
  key: Intent,
): Promise<Moved> =>
  kind === 'charge'
    ? await moa.wallet(userId).charge(amount, { key })
    : await moa.calls.post('/v1/users/{userId}/wallet/withdrawals', {
        path: { userId },
        body: { amount },
        key,
      });

interface MovementFormProps {
  readonly kind: MovementKind;
  readonly wallet: Wallet;
  /** The customer as the page names them. */
  readonly user: string;
  readonly onClose: () => void;
  readonly onDone: (note: string) => void;
}

/** Charges a wallet or pays money out of it; the second step repeats whose, how much, and after. */
export const MovementForm = ({ kind, wallet, user, onClose, onDone }: MovementFormProps) => {
  const t = useMessages(movementMessages);
  const format = useFormat();
  const client = useQueryClient();
  const guard = useGuard('user');
  const { userId, balance, currency } = wallet;
  const [typed, setTyped] = useState<number>();
  const amount = typed ?? 0;
  const [intent, setIntent] = useState<Intent>();
  const [refusal, setRefusal] = useState<MovementRefusal>();
  const money = (value: number): string => format.money(value, currency);
  const after = balanceAfter(kind, balance, amount);
  const isReady = amount > 0 && after !== undefined;
  const change =
    after === undefined ? t.short(money(balance)) : t.balance(money(balance), money(after));
  const refused =
    refusal === undefined
      ? undefined
      : refusal.limit === undefined
        ? t.short(money(refusal.balance))
        : t.limit(money(refusal.limit), money(refusal.balance), money(refusal.room));
  const run = async () => {
    setRefusal(undefined);
    const confirmed = intent ?? intentOf(kind, userId, amount);
    const result = await settle(confirmed, (key) => send(kind, userId, amount, key));
    await refreshUser(client, userId);
    if (!result.ok) {
      setRefusal(refusalIn(result.problem));
      return result;
    }
    const { data, replayed } = result;
    onDone(
      replayed
        ? t.already(money(data.amount))
        : t[`${kind}Done`](money(data.amount), money(data.balance)),
    );
    return result;
  };
  return (
    <>
      <form
        className={classes.box}
        onSubmit={(event) => {
          event.preventDefault();
          // The key is made before the press that confirms.
          if (isReady) setIntent(intentOf(kind, userId, amount));
        }}
      >
        <Stack gap="sm">
          <MoneyInput
            label={t[`${kind}Label`]}
            currency={currency}
            value={typed}
            data-autofocus
            error={amount > 0 && after === undefined ? change : refused}
            onChange={(next) => {
              setTyped(next);
              guard.touch();
              setRefusal(undefined);
            }}
          />
          <Text size="sm" mih={22} aria-live="polite">
            {isReady ? change : ''}
          </Text>
          <Group justify="space-between">
            <Button variant="subtle" color="gray" onClick={() => guard.leave(onClose)}>
              {t.cancel}
            </Button>
            <Button type="submit" disabled={!isReady}>
              {amount > 0 ? t[`${kind}Ask`](money(amount)) : t.choose}
            </Button>
          </Group>
        </Stack>
      </form>
      <Confirmation
        opened={intent !== undefined}
        onClose={() => setIntent(undefined)}
        title={t[`${kind}Title`](money(amount), user)}
        effect={
          <>
            <Text size="sm" fw={700}>
              {change}
            </Text>
            <div>{t[`${kind}Effect`]}</div>
            {refused === undefined ? null : (
              <Text size="sm" c="var(--moa-bad)">
                {refused}
              </Text>
            )}
          </>
        }
        action={t[`${kind}Action`](money(amount))}
        run={run}
        onDone={onClose}
      />
      {guard.question}
    </>
  );
};
