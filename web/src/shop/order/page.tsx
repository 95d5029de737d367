import { Alert, Button, Divider, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconPrinter, IconReceiptOff } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouterState } from '@tanstack/react-router';
import type { Order } from '@moa-commerce/client';
import { entriesQuery, orderQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { LinkButton, TextLink } from '../../parts/link.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Empty } from '../../parts/states.tsx';
import { Countdown } from './countdown.tsx';
import type { Greeting } from './history.ts';
import { OrderLines } from './lines.tsx';
import { orderMessages } from './messages.ts';
import { PendingActions } from './pending-actions.tsx';
import { ReceiptCheck } from './proof/receipt-check.tsx';
import { Status } from './status.tsx';
import classes from './order.module.css';

const route = getRouteApi('/shop/mine/orders/$orderId');

/** The balance right after the payment, when the statement that was read has it. */
const useBalanceAfter = ({ orderId, paidAt }: Order): number | undefined => {
  const { data } = useInfiniteQuery({ ...entriesQuery, enabled: paidAt !== null });
  for (const { items } of data?.pages ?? []) {
    const entry = items.find((each) => each.reference === orderId && each.kind === 'payment');
    if (entry !== undefined) return entry.balanceAfter;
  }
  return undefined;
};

const Figures = ({ order }: { readonly order: Order }) => {
  const t = useMessages(orderMessages);
  const format = useFormat();
  const balanceAfter = useBalanceAfter(order);
  const { total, refundedTotal, currency } = order;
  return (
    <dl className={classes.figures}>
      <div className={classes.total}>
        <dt>{t.total}</dt>
        <dd>{format.money(total, currency)}</dd>
      </div>
      {refundedTotal > 0 ? (
        <div>
          <dt>{t.refunded}</dt>
          <dd>{format.money(-refundedTotal, currency)}</dd>
        </div>
      ) : null}
      {balanceAfter === undefined ? null : (
        <div>
          <dt>{t.balanceAfter}</dt>
          <dd>{format.money(balanceAfter, currency)}</dd>
        </div>
      )}
    </dl>
  );
};

const Facts = ({ order }: { readonly order: Order }) => {
  const t = useMessages(orderMessages);
  const format = useFormat();
  const times = [
    [t.orderedAt, order.createdAt],
    [t.paidAt, order.paidAt],
  ] as const;
  return (
    <dl className={classes.facts}>
      {times.map(([label, at]) =>
        at === null ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <time dateTime={at}>{format.exact(at)}</time>
            </dd>
          </div>
        ),
      )}
      <div>
        <dt>{t.id}</dt>
        <dd className={classes.id}>{order.orderId}</dd>
      </div>
    </dl>
  );
};

const Greet = ({ greeting }: { readonly greeting: Greeting }) => {
  const t = useMessages(orderMessages);
  if (greeting === undefined) return null;
  return (
    <output className="no-print">
      <Alert
        role="presentation"
        variant="outline"
        color="var(--moa-good)"
        icon={<IconCircleCheck size={22} aria-hidden />}
        title={greeting === 'now' ? t.thanks : t.already}
        styles={{ root: { background: 'var(--moa-surface)' } }}
      >
        {greeting === 'now' ? null : t.alreadyText}
      </Alert>
    </output>
  );
};

const Receipt = ({ order }: { readonly order: Order }) => {
  const t = useMessages(orderMessages);
  return (
    <article className={classes.receipt}>
      <p className={classes.letterhead}>Moa 모아</p>
      <Stack gap="md">
        <Group justify="space-between" align="center" gap="xs">
          <Title order={1}>{order.paidAt === null ? t.order : t.receipt}</Title>
          <Status order={order} />
        </Group>
        <Countdown order={order} />
        <PendingActions order={order} />
        <OrderLines order={order} />
        <Divider />
        <Figures order={order} />
        <Divider />
        <Facts order={order} />
      </Stack>
    </article>
  );
};

/** Why there is no order to show. */
const Missing = ({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) => {
  const t = useMessages(orderMessages);
  const problem = problemIn(error);
  if (problem.code !== 'order_not_found')
    return <ProblemNotice problem={problem} onRetry={onRetry} />;
  return (
    <Empty
      icon={<IconReceiptOff size={48} stroke={1.2} />}
      title={t.unknown}
      text={t.unknownText}
      action={<LinkButton to="/orders">{t.toOrders}</LinkButton>}
    />
  );
};

/** An order: its receipt when it is paid, its reservation while it waits. */
export const OrderPage = () => {
  const t = useMessages(orderMessages);
  const { orderId } = route.useParams();
  usePageTitle(t.order);
  const greeting = useRouterState({ select: ({ location }) => location.state.paid });
  const { data: order, error, refetch } = useQuery(orderQuery(orderId));
  return (
    <div className={classes.page}>
      <Stack gap="md">
        <TextLink to="/orders" size="sm" className="no-print">
          {t.all}
        </TextLink>
        <Greet greeting={order?.paidAt ? greeting : undefined} />
        {order === undefined && error !== null ? (
          <Missing error={error} onRetry={() => void refetch()} />
        ) : null}
        {order === undefined && error === null ? <Skeleton h={420} /> : null}
        {order === undefined ? null : <Receipt order={order} />}
        {order === undefined || order.paidAt === null ? null : <ReceiptCheck order={order} />}
        {order === undefined ? null : (
          <Group justify="center" gap="xs" className="no-print">
            <Button
              variant="default"
              size="sm"
              leftSection={<IconPrinter size={18} aria-hidden />}
              onClick={() => print()}
            >
              {t.print}
            </Button>
            <LinkButton to="/" variant="light" size="sm">
              {t.shopOn}
            </LinkButton>
          </Group>
        )}
        {order === undefined ? null : (
          <Text size="xs" c="dimmed" ta="center" className="no-print">
            {t.live}
          </Text>
        )}
      </Stack>
    </div>
  );
};
