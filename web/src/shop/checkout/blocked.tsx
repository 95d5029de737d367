import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { dataOf, moa } from '../../api/moa.ts';
import { cartQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { LinkButton } from '../../parts/link.tsx';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { checkoutMessages } from './messages.ts';
import type { CheckoutLine, Purchase } from './purchase.ts';
import classes from './checkout.module.css';

/** Lowers the lines of the cart to what is left, and removes what is sold out. */
const fitCart = async (blocked: readonly CheckoutLine[]): Promise<void> => {
  const cart = moa.cart();
  for (const { productId, available } of blocked)
    await dataOf(available > 0 ? cart.set(productId, available) : cart.remove(productId));
};

const FitCart = ({ blocked }: { readonly blocked: readonly CheckoutLine[] }) => {
  const t = useMessages(checkoutMessages);
  const client = useQueryClient();
  const fit = useMutation({
    mutationFn: () => fitCart(blocked),
    onSettled: () => client.invalidateQueries({ queryKey: cartQuery.queryKey }),
  });
  return (
    <>
      <Button variant="default" size="sm" loading={fit.isPending} onClick={() => fit.mutate()}>
        {t.fit}
      </Button>
      {fit.error === null ? null : <ProblemNotice problem={problemIn(fit.error)} />}
    </>
  );
};

const FitProduct = ({
  purchase,
  line,
}: {
  readonly purchase: Extract<Purchase, { from: 'product' }>;
  readonly line: CheckoutLine;
}) => {
  const t = useMessages(checkoutMessages);
  const format = useFormat();
  const { productId, intent } = purchase;
  return line.available > 0 ? (
    <LinkButton
      variant="default"
      size="sm"
      to="/checkout"
      search={{ product: productId, quantity: line.available, intent }}
      replace
    >
      {t.fitOne(format.number(line.available))}
    </LinkButton>
  ) : (
    <LinkButton variant="default" size="sm" to="/">
      {t.toShop}
    </LinkButton>
  );
};

interface BlockedProps {
  readonly purchase: Purchase;
  readonly blocked: readonly CheckoutLine[];
}

/** Which lines cannot be bought, why, and the one step that makes the rest possible. */
export const Blocked = ({ purchase, blocked }: BlockedProps) => {
  const t = useMessages(checkoutMessages);
  const format = useFormat();
  const [first] = blocked;
  const why = ({ name, available, isArchived }: CheckoutLine): string => {
    if (isArchived) return t.archived(name);
    return available > 0 ? t.left(name, format.number(available)) : t.soldOut(name);
  };
  return (
    <Alert
      role="alert"
      variant="outline"
      color="var(--moa-bad)"
      icon={<IconAlertTriangle size={20} aria-hidden />}
      title={t.blockedTitle}
    >
      <Stack gap="sm" align="flex-start">
        <ul className={classes.blocked}>
          {blocked.map((line) => (
            <li key={line.productId}>{why(line)}</li>
          ))}
        </ul>
        <Text size="sm" c="dimmed">
          {t.blockedText}
        </Text>
        {purchase.from === 'cart' ? <FitCart blocked={blocked} /> : null}
        {purchase.from === 'product' && first !== undefined ? (
          <FitProduct purchase={purchase} line={first} />
        ) : null}
      </Stack>
    </Alert>
  );
};
