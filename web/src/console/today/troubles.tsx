import { IconAlertTriangle, IconArrowRight, IconCircleCheck } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { TextLink } from '../../parts/link.tsx';
import classes from './troubles.module.css';
import type { Trouble } from './troubles.ts';
import { useDuration, useMilliseconds, useReason } from './words.ts';

const messages = defineMessages({
  en: {
    region: 'What is wrong',
    well: 'All is well.',
    wellText: 'Orders are taken, events are delivered, nothing is sold out.',
    loading: 'Looking for what is wrong …',
    notLive: 'The live figures do not arrive. The page tries again by itself.',
    notRead: 'Destinations or products could not be read, so more may be wrong.',
    notReady: (checks: string) => `The service is not ready: ${checks}.`,
    broken: (invariants: string) => `The audit has found violated invariants: ${invariants}.`,
    stale: (time: string) => `The audit has proven nothing since ${time}.`,
    lag: (time: string) => `Events wait for ${time} to be delivered.`,
    deadLetters: (name: string, count: string, isOne: boolean) =>
      `${name} has rejected ${count} ${isOne ? 'event' : 'events'} for good.`,
    paused: (name: string) => `${name} is paused and receives nothing.`,
    queue: (count: string) => `${count} requests wait in the queue; customers wait longer.`,
    slow: (time: string) => `Commits are slow: 1 of 100 takes longer than ${time}.`,
    refusals: (count: string, reason: string) =>
      `Refusals have doubled to ${count} in a minute. Most frequent: ${reason}`,
    mostly: (count: string, orders: string, isOne: boolean, reason: string) =>
      `More is refused than ordered: ${count} refusals and ${orders} ` +
      `${isOne ? 'order' : 'orders'} in a minute. Most frequent: ${reason}`,
    soldOutOne: (name: string) => `${name} is sold out.`,
    soldOut: (name: string, others: string, isOne: boolean) =>
      `${name} and ${others} more ${isOne ? 'product' : 'products'} are sold out.`,
    toProof: 'To the proof',
    toDelivery: 'To delivery',
    toOrders: 'To the orders',
    toProducts: 'To the products',
    toProduct: 'To the product',
    toWallets: 'To the wallets',
    toSettings: 'To the state of the service',
  },
  ko: {
    region: '문제',
    well: '모두 정상이에요.',
    wellText: '주문과 전송이 잘 되고 있고 품절된 상품이 없어요.',
    loading: '문제가 있는지 보고 있어요…',
    notLive: '실시간 값이 오지 않아요. 화면이 스스로 다시 시도해요.',
    notRead: '전송 대상이나 상품을 읽지 못해서 다른 문제가 더 있을 수 있어요.',
    notReady: (checks: string) => `서비스가 준비되지 않았어요: ${checks}`,
    broken: (invariants: string) => `감사에서 어긋난 불변 규칙을 찾았어요: ${invariants}`,
    stale: (time: string) => `${time} 이후로 감사가 아무것도 증명하지 않았어요.`,
    lag: (time: string) => `이벤트 전송이 ${time} 늦어지고 있어요.`,
    deadLetters: (name: string, count: string, _isOne: boolean) =>
      `${name}에서 이벤트 ${count}개를 끝내 거절했어요.`,
    paused: (name: string) => `${name} 전송이 멈춰 있어요.`,
    queue: (count: string) => `요청 ${count}건이 대기 중이라 고객이 오래 기다려요.`,
    slow: (time: string) => `커밋이 느려요. 100건 중 1건이 ${time}보다 오래 걸려요.`,
    refusals: (count: string, reason: string) =>
      `거절이 1분에 ${count}건으로 두 배 넘게 늘었어요. 가장 많은 사유: ${reason}`,
    mostly: (count: string, orders: string, _isOne: boolean, reason: string) =>
      `주문보다 거절이 많아요. 1분에 거절 ${count}건, 주문 ${orders}건이에요. 가장 많은 사유: ${reason}`,
    soldOutOne: (name: string) => `${name} 상품이 품절이에요.`,
    soldOut: (name: string, others: string, _isOne: boolean) =>
      `${name} 외 상품 ${others}개가 품절이에요.`,
    toProof: '증명 보기',
    toDelivery: '전송 보기',
    toOrders: '주문 보기',
    toProducts: '상품 보기',
    toProduct: '이 상품 보기',
    toWallets: '지갑 보기',
    toSettings: '서비스 상태 보기',
  },
});

/** As much of a name as leaves room for what is said about it. */
const NAME_MAX = 60;

const shorten = (name: string): string => {
  const letters = Array.from(name);
  return letters.length > NAME_MAX ? `${letters.slice(0, NAME_MAX).join('')}…` : name;
};

interface Told {
  readonly text: string;
  readonly to?: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly link?: string;
}

/** Where the cause of refusals is seen. */
const CAUSES: Readonly<Record<string, 'toProducts' | 'toWallets'>> = {
  insufficient_stock: 'toProducts',
  product_unavailable: 'toProducts',
  total_changed: 'toProducts',
  insufficient_balance: 'toWallets',
  balance_limit_exceeded: 'toWallets',
};
const PLACES = {
  toProducts: '/console/products',
  toWallets: '/console/wallets',
  toOrders: '/console/orders',
} as const;

const useTold = (): ((trouble: Trouble) => Told) => {
  const t = useMessages(messages);
  const format = useFormat();
  const duration = useDuration();
  const milliseconds = useMilliseconds();
  const reason = useReason();
  const delivery = { to: '/console/delivery', link: t.toDelivery };
  return (trouble) => {
    switch (trouble.kind) {
      case 'audit': {
        const { audit } = trouble;
        const text =
          audit.kind === 'broken'
            ? t.broken(audit.invariants.join(', '))
            : t.stale(format.exact(audit.provenAt));
        return { text, to: '/console/proof', link: t.toProof };
      }
      case 'not_live':
        return { text: t.notLive };
      case 'not_read':
        return { text: t.notRead };
      case 'not_ready':
        return {
          text: t.notReady(trouble.checks.join(', ')),
          to: '/console/settings',
          link: t.toSettings,
        };
      case 'lag':
        return { text: t.lag(duration(trouble.seconds)), ...delivery };
      case 'dead_letters': {
        const { name, deadLetters, destinationId } = trouble.destination;
        const text = t.deadLetters(shorten(name), format.number(deadLetters), deadLetters === 1);
        return { text, ...delivery, search: { destination: destinationId } };
      }
      case 'paused': {
        const { name, destinationId } = trouble.destination;
        return {
          text: t.paused(shorten(name)),
          ...delivery,
          search: { destination: destinationId },
        };
      }
      case 'queue':
        return { text: t.queue(format.number(trouble.length)) };
      case 'slow_commit':
        return { text: t.slow(milliseconds(trouble.ms)) };
      case 'mostly_refused': {
        const link = CAUSES[trouble.code] ?? 'toOrders';
        const { count, orders, code } = trouble;
        const [refusals, taken] = [format.number(count), format.number(orders)];
        const text = t.mostly(refusals, taken, orders === 1, reason(code));
        return { text, to: PLACES[link], link: t[link] };
      }
      case 'refusals': {
        const link = CAUSES[trouble.code] ?? 'toOrders';
        const text = t.refusals(format.number(trouble.count), reason(trouble.code));
        return { text, to: PLACES[link], link: t[link] };
      }
      case 'sold_out': {
        const { name, productIds } = trouble;
        const [first = ''] = productIds;
        if (productIds.length === 1) {
          const search = { product: first };
          return {
            text: t.soldOutOne(shorten(name)),
            to: '/console/products',
            search,
            link: t.toProduct,
          };
        }
        const others = productIds.length - 1;
        const text = t.soldOut(shorten(name), format.number(others), others === 1);
        return { text, to: '/console/products', link: t.toProducts };
      }
    }
  };
};

/** What is wrong, in words, each with the link to its cause; or that all is well. */
export const Troubles = ({ troubles }: { readonly troubles: readonly Trouble[] | undefined }) => {
  const t = useMessages(messages);
  const told = useTold();
  if (troubles === undefined) {
    return (
      <section className={classes.well} aria-label={t.region}>
        {t.loading}
      </section>
    );
  }
  return (
    <section aria-label={t.region} aria-live="polite">
      {troubles.length === 0 ? (
        <p className={classes.well}>
          <IconCircleCheck size={20} aria-hidden className={classes.good} />
          <span>
            <strong>{t.well}</strong> {t.wellText}
          </span>
        </p>
      ) : (
        <ul className={classes.list}>
          {troubles.map(told).map(({ text, to, search = {}, link }) => (
            <li key={text} className={classes.trouble}>
              <IconAlertTriangle size={20} aria-hidden className={classes.warn} />
              <span className={classes.text}>{text}</span>
              {to === undefined ? null : (
                <TextLink to={to} search={search} className={classes.link}>
                  {link} <IconArrowRight size={14} aria-hidden />
                </TextLink>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};
