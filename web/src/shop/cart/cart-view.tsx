import { Button, Skeleton, Title } from '@mantine/core';
import { IconArrowBackUp, IconShoppingCart } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLiveProducts } from '../../api/live.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { LinkButton } from '../../parts/link.tsx';
import { problemIn, ProblemNotice } from '../../parts/problem-notice.tsx';
import { Empty } from '../../parts/states.tsx';
import classes from './cart-view.module.css';
import { CartLineRow } from './line.tsx';
import { canComeBack, splitCart, type CartLine } from './lines.ts';
import { cartMessages } from './messages.ts';
import { useCart } from './use-cart.ts';

type CartState = ReturnType<typeof useCart>;

const PLACES = [1, 2, 3];

const Places = () => (
  <div aria-busy className={classes.lines}>
    {PLACES.map((place) => (
      <div key={place} className={classes.place}>
        <Skeleton width={72} height={72} />
        <div className={classes.placeTexts}>
          <Skeleton height={16} width="70%" />
          <Skeleton height={14} width={88} />
          <Skeleton height={36} width={114} />
        </div>
      </div>
    ))}
  </div>
);

/** Says what was removed, and brings it back. */
const Removed = ({ removed, restore }: Pick<CartState, 'removed' | 'restore'>) => {
  const t = useMessages(cartMessages);
  const format = useFormat();
  return (
    <output className={classes.removed}>
      {removed.length === 0 ? null : (
        <>
          {t.removed(format.number(removed.length), removed.length === 1)}
          {removed.some(canComeBack) ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={() => void restore()}
            >
              {t.undo}
            </Button>
          ) : null}
        </>
      )}
    </output>
  );
};

interface LinesProps extends Pick<CartState, 'choose' | 'remove'> {
  readonly lines: readonly CartLine[];
  readonly currency: string;
}

const Lines = ({ lines, currency, choose, remove }: LinesProps) => (
  <ul className={classes.lines}>
    {lines.map((line) => (
      <CartLineRow
        key={line.productId}
        line={line}
        currency={currency}
        onChoose={(quantity) => choose(line.productId, quantity)}
        onRemove={() => void remove([line])}
      />
    ))}
  </ul>
);

const Blocked = ({ lines, currency, choose, remove }: LinesProps) => {
  const t = useMessages(cartMessages);
  if (lines.length === 0) return null;
  return (
    <section className={classes.blocked} aria-labelledby="cart-blocked">
      <div className={classes.blockedHead}>
        <Title order={3} id="cart-blocked">
          {t.blocked}
        </Title>
        <Button size="compact-sm" variant="default" onClick={() => void remove(lines)}>
          {t.removeBlocked}
        </Button>
      </div>
      <Lines lines={lines} currency={currency} choose={choose} remove={remove} />
    </section>
  );
};

interface PayProps extends Pick<CartState, 'settle' | 'remove' | 'isSending'> {
  readonly total: number;
  readonly currency: string;
  readonly blocked: readonly CartLine[];
}

/** The total and the way to the checkout, which takes the whole cart: the rest leaves it first. */
const Pay = ({ total, currency, blocked, settle, remove, isSending }: PayProps) => {
  const t = useMessages(cartMessages);
  const format = useFormat();
  const navigate = useNavigate();
  const [isLeaving, setLeaving] = useState(false);
  const pay = async (): Promise<void> => {
    setLeaving(true);
    const isReady = blocked.length === 0 ? await settle() : await remove(blocked);
    setLeaving(false);
    if (isReady) await navigate({ to: '/checkout' });
  };
  return (
    <div className={classes.pay}>
      <div className={classes.total}>
        <span>{t.total}</span>
        <strong aria-busy={isSending}>{format.money(total, currency)}</strong>
      </div>
      {blocked.length === 0 ? null : <p className={classes.without}>{t.withoutBlocked}</p>}
      <Button size="lg" fullWidth loading={isLeaving} onClick={() => void pay()}>
        {t.pay(format.money(total, currency))}
      </Button>
    </div>
  );
};

/** The cart, in the drawer and on its page. */
export const CartView = () => {
  const t = useMessages(cartMessages);
  const format = useFormat();
  const state = useCart();
  const { query, cart, problem, choose, remove, settle, isSending } = state;
  useLiveProducts(query.data?.items.map(({ productId }) => productId) ?? []);
  if (cart === undefined) {
    return query.error === null ? (
      <Places />
    ) : (
      <ProblemNotice problem={problemIn(query.error)} onRetry={() => void query.refetch()} />
    );
  }
  const { currency } = cart;
  const { buyable, blocked, total } = splitCart(cart.items);
  const count = cart.items.length;
  return (
    <div className={classes.cart}>
      <output className={classes.count}>
        {count === 0 ? null : t.count(format.number(count), count === 1)}
      </output>
      <Removed removed={state.removed} restore={state.restore} />
      {problem === undefined ? null : (
        <div className={classes.problem}>
          <ProblemNotice problem={problem} />
        </div>
      )}
      {count === 0 ? (
        <Empty
          icon={<IconShoppingCart size={48} stroke={1.2} />}
          title={t.empty}
          text={t.emptyText}
          action={<LinkButton to="/">{t.toShop}</LinkButton>}
        />
      ) : (
        <>
          <Lines lines={buyable} currency={currency} choose={choose} remove={remove} />
          <Blocked lines={blocked} currency={currency} choose={choose} remove={remove} />
          {buyable.length === 0 ? null : (
            <Pay
              total={total}
              currency={currency}
              blocked={blocked}
              settle={settle}
              remove={remove}
              isSending={isSending}
            />
          )}
        </>
      )}
    </div>
  );
};
