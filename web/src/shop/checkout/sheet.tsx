import { Alert, Divider, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconShoppingCart } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Empty } from '../../parts/states.tsx';
import { LinkButton, TextLink } from '../../parts/link.tsx';
import { ProblemNotice, type ShownProblem } from '../../parts/problem-notice.tsx';
import { newId } from '../new-id.ts';
import { useCharge } from '../wallet/use-charge.ts';
import { Blocked } from './blocked.tsx';
import { Figures, Rose } from './figures.tsx';
import { Lines } from './lines.tsx';
import { checkoutMessages } from './messages.ts';
import { Loading } from './loading.tsx';
import { ChargeAndPay, PayButton } from './pay.tsx';
import { usePaidElsewhere } from './paid-elsewhere.ts';
import type { Pressed } from './pressed.ts';
import { blockedOf, totalOf, type CheckoutLine, type Purchase } from './purchase.ts';
import { useCheckout, type Checkout } from './use-checkout.ts';
import classes from './checkout.module.css';

/** Refusals that the lines and figures of the sheet say themselves, once they were read again. */
const SHOWN_BY_SHEET = new Set(['total_changed', 'insufficient_balance', 'cart_empty']);
const SHOWN_BY_LINES = new Set(['insufficient_stock', 'product_unavailable']);

const AlreadyPaid = ({ purchase, orderId }: { purchase: Purchase; orderId: string }) => {
  const t = useMessages(checkoutMessages);
  const [again] = useState(newId);
  return (
    <Empty
      icon={<IconCircleCheck size={48} stroke={1.2} />}
      title={t.paidTitle}
      text={t.paidText}
      action={
        <Stack gap="xs">
          <LinkButton to="/orders/$orderId" params={{ orderId }}>
            {t.receipt}
          </LinkButton>
          {purchase.from === 'product' ? (
            <LinkButton
              variant="subtle"
              to="/checkout"
              search={{ product: purchase.productId, quantity: purchase.quantity, intent: again }}
            >
              {t.again}
            </LinkButton>
          ) : null}
        </Stack>
      }
    />
  );
};

const EarlierPress = ({ checkout, currency }: { checkout: Checkout; currency: string }) => {
  const t = useMessages(checkoutMessages);
  const format = useFormat();
  if (checkout.earlier === undefined) return null;
  const { orderId, total } = checkout.earlier;
  return (
    <Alert
      color="var(--moa-good)"
      variant="outline"
      icon={<IconCircleCheck size={20} aria-hidden />}
    >
      <Text size="sm">{t.earlier(format.money(total, currency))}</Text>
      <TextLink to="/orders/$orderId" params={{ orderId }} size="sm">
        {t.receipt}
      </TextLink>
    </Alert>
  );
};

const Refusal = ({ problem, retry }: { problem: ShownProblem; retry: Checkout['retry'] }) => {
  const t = useMessages(checkoutMessages);
  return (
    <ProblemNotice
      problem={problem}
      {...(retry === undefined ? {} : { onRetry: retry })}
      action={
        problem.code === 'idempotency_key_reused' ? (
          <LinkButton size="xs" variant="default" to="/orders">
            {t.toOrders}
          </LinkButton>
        ) : null
      }
    />
  );
};

const EmptyCart = () => {
  const t = useMessages(checkoutMessages);
  return (
    <Empty
      icon={<IconShoppingCart size={48} stroke={1.2} />}
      title={t.emptyTitle}
      text={t.emptyText}
      action={<LinkButton to="/">{t.toShop}</LinkButton>}
    />
  );
};

interface SheetProps {
  readonly purchase: Purchase;
  readonly lines: readonly CheckoutLine[];
  readonly balance: number;
  readonly currency: string;
}

/** Lines, total, balance before and after, and one button. */
export const Sheet = ({ purchase, lines, balance, currency }: SheetProps) => {
  const t = useMessages(checkoutMessages);
  const checkout = useCheckout(purchase, lines);
  const { pay } = checkout;
  const continueWith = useCallback(
    (thenPay: Pressed | undefined) => {
      if (thenPay !== undefined) void pay(thenPay);
    },
    [pay],
  );
  const charging = useCharge(purchase.userId, continueWith);
  const elsewhere = usePaidElsewhere(lines);
  const shown = checkout.held ?? lines;
  const isPaying = checkout.phase !== 'idle';
  // The balance that the shopper agreed with stays while it is paid; a charge before it counts.
  const [steady, setSteady] = useState(balance);
  if (steady !== balance && (!isPaying || balance > steady)) setSteady(balance);
  const isEmpty = shown.length === 0 && checkout.retry === undefined;
  const paidOrderId = checkout.paidOrderId ?? (isEmpty ? elsewhere.orderId : undefined);
  if (paidOrderId !== undefined) return <AlreadyPaid purchase={purchase} orderId={paidOrderId} />;
  if (isEmpty && elsewhere.isLooking) return <Loading />;
  if (isEmpty) return <EmptyCart />;
  const total = totalOf(shown);
  const blocked = isPaying ? [] : blockedOf(shown);
  const missing = isPaying ? 0 : Math.max(0, total - steady);
  const isRisen = !isPaying && total > checkout.seen.total;
  const { refusal } = checkout;
  const isSaid =
    refusal === undefined ||
    SHOWN_BY_SHEET.has(refusal.code) ||
    (SHOWN_BY_LINES.has(refusal.code) && blocked.length > 0);
  return (
    <Stack gap="md">
      <EarlierPress checkout={checkout} currency={currency} />
      <Stack className={classes.sheet} gap="md">
        <Title order={1}>{t.title}</Title>
        <Lines lines={shown} seen={checkout.seen} currency={currency} />
        <Divider />
        <Figures total={total} balance={steady} currency={currency} />
        {isRisen ? <Rose before={checkout.seen.total} now={total} currency={currency} /> : null}
        {isSaid ? null : <Refusal problem={refusal} retry={checkout.retry} />}
        {blocked.length > 0 ? <Blocked purchase={purchase} blocked={blocked} /> : null}
        {blocked.length > 0 || checkout.retry !== undefined ? null : missing > 0 ? (
          <ChargeAndPay
            missing={missing}
            total={total}
            currency={currency}
            charging={charging}
            onCharge={(amount) => charging.charge(amount, checkout.preparePress())}
          />
        ) : (
          <PayButton
            total={total}
            currency={currency}
            phase={checkout.phase}
            isRisen={isRisen}
            onPay={() => void pay(checkout.preparePress())}
          />
        )}
      </Stack>
    </Stack>
  );
};
