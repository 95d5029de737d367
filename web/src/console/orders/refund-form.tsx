import { Button, Group, NumberInput, Stack, Switch, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Intent, Order } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Confirmation } from '../parts/confirmation.tsx';
import { settle } from '../parts/settle.ts';
import { shortId } from '../parts/short-id.tsx';
import { useGuard } from '../parts/use-guard.tsx';
import classes from './orders.module.css';
import { refreshOrder } from './queries.ts';
import { refundBody, refundOf, refundableOf, unitsOf, wholeOf, type Chosen } from './refund.ts';
import { refundMessages } from './refund-messages.ts';

interface UnitsProps {
  readonly order: Order;
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
}

/** How many units of each line are refunded. */
const Units = ({ order: { items, currency }, chosen, onChange }: UnitsProps) => {
  const t = useMessages(refundMessages);
  const format = useFormat();
  return (
    <ul className={classes.lines}>
      {items
        .filter((line) => refundableOf(line) > 0)
        .map((line) => (
          <li key={line.productId} className={classes.line}>
            <span>
              <bdi>{line.name}</bdi>
              <Text size="xs" c="dimmed">
                {t.each(format.money(line.unitPrice, currency))}
              </Text>
            </span>
            <Group gap={8} wrap="nowrap">
              <NumberInput
                size="xs"
                w={76}
                aria-label={t.unitsOf(line.name)}
                min={0}
                max={refundableOf(line)}
                clampBehavior="strict"
                allowDecimal={false}
                allowNegative={false}
                selectAllOnFocus
                value={unitsOf(line, chosen)}
                onChange={(units) => onChange({ ...chosen, [line.productId]: Number(units) || 0 })}
              />
              <Text size="xs" c="dimmed">
                {t.of(format.number(refundableOf(line)))}
              </Text>
            </Group>
          </li>
        ))}
    </ul>
  );
};

interface RefundFormProps {
  /** The same for as long as the form is open. */
  readonly order: Order;
  readonly onClose: () => void;
  readonly onDone: (note: string) => void;
}

/** Refunds an order in whole or in part; the second step repeats what will happen. */
export const RefundForm = ({ order, onClose, onDone }: RefundFormProps) => {
  const t = useMessages(refundMessages);
  const format = useFormat();
  const client = useQueryClient();
  const guard = useGuard('order');
  const { orderId, userId, items, currency, refundedTotal } = order;
  const [chosen, setChosen] = useState<Chosen>(() => wholeOf(items));
  const choose = (next: Chosen): void => {
    setChosen(next);
    guard.touch();
  };
  const [restock, setRestock] = useState(true);
  const [intent, setIntent] = useState<Intent>();
  const { units, amount } = refundOf(items, chosen);
  const shownAmount = format.money(amount, currency);
  // One intent for one state of the order: whatever was lost is found done, not done again.
  const ask = (): void => setIntent(moa.intent(`console:refund:${orderId}:${refundedTotal}`));
  const run = async (reason: string) => {
    if (intent === undefined) throw new Error('a refund was confirmed that was not asked for');
    const result = await settle(intent, (key) =>
      moa.calls.post('/v1/orders/{orderId}/refunds', {
        path: { orderId },
        body: refundBody(items, chosen, { restock, reason }),
        key,
      }),
    );
    await refreshOrder(client, order);
    if (!result.ok) return result;
    const balance = format.money(result.data.balance, currency);
    const refunded = format.money(result.data.amount, currency);
    onDone(result.replayed ? t.already(refunded) : t.done(refunded, balance));
    return result;
  };
  return (
    <Stack component="section" gap="sm" className={classes.refund} aria-label={t.refund}>
      <Group justify="space-between">
        <Title order={3}>{t.refund}</Title>
        <Group gap={4}>
          <Button size="compact-xs" variant="default" onClick={() => choose(wholeOf(items))}>
            {t.everything}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => choose({})}>
            {t.nothing}
          </Button>
        </Group>
      </Group>
      <Units order={order} chosen={chosen} onChange={choose} />
      <Switch
        label={t.restock}
        description={t.restockHint}
        checked={restock}
        onChange={({ currentTarget }) => setRestock(currentTarget.checked)}
      />
      <Group justify="space-between">
        <Button variant="subtle" color="gray" onClick={() => guard.leave(onClose)}>
          {t.close}
        </Button>
        <Button disabled={units === 0} onClick={ask} aria-live="polite">
          {units === 0 ? t.choose : t.ask(shownAmount)}
        </Button>
      </Group>
      <Confirmation
        opened={intent !== undefined}
        onClose={() => setIntent(undefined)}
        title={t.title(shownAmount, userId)}
        effect={
          <>
            <div>{t.order(shortId(orderId), format.number(units))}</div>
            <div>{t.effect(shownAmount, userId)}</div>
            <div>{restock ? t.stockBack(format.number(units)) : t.stockStays}</div>
          </>
        }
        action={t.action(shownAmount)}
        reason="optional"
        run={run}
        onDone={onClose}
      />
      {guard.question}
    </Stack>
  );
};
