import { Button, Stack, Text } from '@mantine/core';
import { MoaFault, type Product } from '@moa-commerce/client';
import { IconCheck, IconShoppingCartPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { dataOf, moa } from '../../api/moa.ts';
import { cartQuery } from '../../api/queries.ts';
import { sessionQuery, useSession, type SignedIn } from '../../api/session.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { LinkButton, TextLink } from '../../parts/link.tsx';
import { problemIn, ProblemNotice } from '../../parts/problem-notice.tsx';
import { openCart } from '../cart/opened.ts';
import { QuantityStepper } from '../quantity-stepper.tsx';
import { possibleQuantity, unitsMax } from '../stock.ts';
import { useIsShown } from '../use-is-shown.ts';
import classes from './buy-box.module.css';

const messages = defineMessages({
  en: {
    add: 'Add to cart',
    addShortly: 'Add',
    buy: (amount: string) => `Buy now for ${amount}`,
    soldOut: 'Sold out',
    soldOutText: 'When there are some again, you can buy here at once.',
    added: 'It is in your cart.',
    toCart: 'See the cart',
    staff: 'Operators cannot buy. Sign in as a customer to try it.',
    edit: 'Edit this product in the console',
  },
  ko: {
    add: '장바구니에 담기',
    addShortly: '담기',
    buy: (amount: string) => `${amount} 바로 사기`,
    soldOut: '품절',
    soldOutText: '다시 들어오면 여기에서 바로 살 수 있어요.',
    added: '장바구니에 담았어요.',
    toCart: '장바구니 보기',
    staff: '운영자 계정으로는 살 수 없어요. 고객 계정으로 로그인해 주세요.',
    edit: '관리 화면에서 이 상품 고치기',
  },
});

/** The quantity in the address, which a visitor brings back from signing in. */
const useQuantity = (stock: number) => {
  const asked = useLocation({
    select: ({ search }) => Number((search as Record<string, unknown>)['quantity'] ?? 1),
  });
  const [wanted, setWanted] = useState(asked);
  return [possibleQuantity(wanted, stock), setWanted] as const;
};

/** Adds to the cart; after a lost connection, again with the key of the first attempt. */
const useAddToCart = (productId: string, quantity: number) => {
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: (key: string | undefined) =>
      dataOf(moa.cart().add(productId, quantity, key === undefined ? {} : { key })),
    onSuccess: (cart, key) => {
      client.setQueryData(cartQuery.queryKey, cart);
      // The answer to the first attempt may be old.
      if (key !== undefined) void client.invalidateQueries({ queryKey: cartQuery.queryKey });
      openCart();
    },
  });
  const { error } = add;
  return { ...add, send: () => add.mutate(error instanceof MoaFault ? error.key : undefined) };
};

/**
 * What a press does: a visitor signs in first. A press may come before the session is read: it
 * waits, further ones are ignored meanwhile, and it is forgotten when the visitor leaves.
 */
const usePresses = (signIn: () => void) => {
  const client = useQueryClient();
  const session = useSession();
  const [isWaiting, setWaiting] = useState(false);
  const waits = useRef(false);
  const isShown = useIsShown();
  const act = (known: SignedIn | null | undefined, then: () => void): void => {
    if (known === null) signIn();
    else if (known?.role !== 'staff') then();
  };
  const press = async (then: () => void): Promise<void> => {
    if (session !== undefined) return act(session, then);
    if (waits.current) return undefined;
    waits.current = true;
    setWaiting(true);
    const known = await client.ensureQueryData(sessionQuery).catch(() => undefined);
    waits.current = false;
    setWaiting(false);
    return isShown.current ? act(known, then) : undefined;
  };
  return { isWaiting, asCustomer: (then: () => void) => () => void press(then) };
};

const SoldOut = () => {
  const t = useMessages(messages);
  return (
    <Stack gap="xs">
      <Button size="lg" disabled>
        {t.soldOut}
      </Button>
      <Text size="sm" c="dimmed">
        {t.soldOutText}
      </Text>
    </Stack>
  );
};

const StaffNote = () => {
  const t = useMessages(messages);
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm" c="dimmed">
        {t.staff}
      </Text>
      <LinkButton to="/console/products" variant="default" size="sm">
        {t.edit}
      </LinkButton>
    </Stack>
  );
};

/** The quantity and the two ways to buy; a visitor signs in first and comes back. */
export const BuyBox = ({ product }: { readonly product: Product }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const navigate = useNavigate();
  const session = useSession();
  const { productId, price, currency, stock } = product;
  const [quantity, setQuantity] = useQuantity(stock);
  const add = useAddToCart(productId, quantity);
  const { isWaiting, asCustomer } = usePresses(() => {
    const to = `/products/${productId}?quantity=${quantity}`;
    void navigate({ to: '/sign-in', search: { to } });
  });
  if (session?.role === 'staff') return <StaffNote />;
  if (stock <= 0) return <SoldOut />;
  const buy = (): void =>
    void navigate({ to: '/checkout', search: { product: productId, quantity } });
  return (
    <>
      <QuantityStepper
        value={quantity}
        max={unitsMax(stock)}
        onChange={(next) => {
          add.reset();
          setQuantity(next);
        }}
      />
      <div className={classes.bar}>
        {add.error === null ? null : (
          <div className={classes.problem}>
            <ProblemNotice problem={problemIn(add.error)} onRetry={() => add.send()} />
          </div>
        )}
        <output className={classes.added}>
          {add.isSuccess ? (
            <>
              <IconCheck size={18} aria-hidden /> {t.added}{' '}
              <TextLink to="/cart">{t.toCart}</TextLink>
            </>
          ) : null}
        </output>
        <div className={classes.buttons}>
          <Button
            size="lg"
            variant="default"
            className={classes.add}
            leftSection={<IconShoppingCartPlus size={20} aria-hidden />}
            loading={add.isPending || isWaiting}
            aria-label={t.add}
            onClick={asCustomer(() => add.send())}
          >
            <span className={classes.long}>{t.add}</span>
            <span className={classes.short}>{t.addShortly}</span>
          </Button>
          <Button size="lg" disabled={isWaiting} onClick={asCustomer(buy)}>
            {t.buy(format.money(price * quantity, currency))}
          </Button>
        </div>
      </div>
    </>
  );
};
