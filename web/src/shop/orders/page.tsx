import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ordersQuery, type OrderStatus } from '../../api/queries.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { LinkButton } from '../../parts/link.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Empty } from '../../parts/states.tsx';
import { More } from '../more.tsx';
import { statusMessages } from '../order/status.tsx';
import { OrderRow } from './row.tsx';
import { ORDER_STATUSES, statusIn } from './search.ts';
import classes from './orders.module.css';

const route = getRouteApi('/shop/mine/orders');

const messages = defineMessages({
  en: {
    title: 'Orders',
    filter: 'Filter by status',
    every: 'All',
    count: (count: number, hasMore: boolean) => {
      if (hasMore) return `The newest ${count} orders`;
      return count === 1 ? '1 order' : `${count} orders`;
    },
    emptyTitle: 'No orders yet',
    emptyText: 'See what others love.',
    popular: 'See what sells best',
    noneTitle: (status: string) => `No orders: ${status.toLowerCase()}`,
    all: 'See all orders',
  },
  ko: {
    title: '주문',
    filter: '상태로 거르기',
    every: '전체',
    count: (count: number, hasMore: boolean) =>
      hasMore ? `최근 주문 ${count}개` : `주문 ${count}개`,
    emptyTitle: '아직 주문이 없어요',
    emptyText: '다른 사람들이 좋아하는 상품을 만나 보세요.',
    popular: '인기 상품 보러 가기',
    noneTitle: (status: string) => `‘${status}’ 주문이 없어요`,
    all: '모든 주문 보기',
  },
});

const Filters = () => {
  const t = useMessages(messages);
  const words = useMessages(statusMessages);
  return (
    <nav className={classes.filters} aria-label={t.filter}>
      <Link to="/orders" className={classes.filter} activeOptions={{ exact: true }}>
        {t.every}
      </Link>
      {ORDER_STATUSES.map((each) => (
        <Link
          key={each}
          to="/orders"
          search={{ status: each }}
          className={classes.filter}
          activeOptions={{ exact: true }}
        >
          {words[each]}
        </Link>
      ))}
    </nav>
  );
};

const NoOrders = ({ status }: { readonly status: OrderStatus | undefined }) => {
  const t = useMessages(messages);
  const words = useMessages(statusMessages);
  const icon = <IconReceipt size={48} stroke={1.2} />;
  return status === undefined ? (
    <Empty
      icon={icon}
      title={t.emptyTitle}
      text={t.emptyText}
      action={<LinkButton to="/">{t.popular}</LinkButton>}
    />
  ) : (
    <Empty
      icon={icon}
      title={t.noneTitle(words[status])}
      action={
        <LinkButton to="/orders" variant="light">
          {t.all}
        </LinkButton>
      }
    />
  );
};

const Loading = () => (
  <Stack gap="sm" aria-busy>
    {[1, 2, 3].map((each) => (
      <Skeleton key={each} h={126} />
    ))}
  </Stack>
);

/** The caller's orders, newest first; the address has the filter. */
export const OrdersPage = () => {
  const t = useMessages(messages);
  usePageTitle(t.title);
  const status = statusIn(route.useSearch().status);
  const list = useInfiniteQuery(ordersQuery(status));
  const orders = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Stack className={classes.page} gap="md">
      <div>
        <Title order={1}>{t.title}</Title>
        <Text size="sm" c="dimmed" mih={22} aria-live="polite">
          {orders === undefined || orders.length === 0
            ? null
            : t.count(orders.length, list.hasNextPage)}
        </Text>
      </div>
      <Filters />
      {list.isError && orders === undefined ? (
        <ProblemNotice problem={problemIn(list.error)} onRetry={() => void list.refetch()} />
      ) : null}
      {list.isPending ? <Loading /> : null}
      {orders?.length === 0 ? <NoOrders status={status} /> : null}
      {orders === undefined || orders.length === 0 ? null : (
        <ul className={classes.rows}>
          {orders.map((order) => (
            <OrderRow key={order.orderId} order={order} />
          ))}
        </ul>
      )}
      <More list={list} />
    </Stack>
  );
};
