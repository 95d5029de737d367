import { Text } from '@mantine/core';
import type { Order } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { TextLink } from '../../parts/link.tsx';
import classes from './orders.module.css';

const messages = defineMessages({
  en: {
    units: (count: string, price: string) => `${count} × ${price}`,
    refunded: (count: string) => `${count} refunded`,
  },
  ko: {
    units: (count: string, price: string) => `${price} × ${count}개`,
    refunded: (count: string) => `${count}개 환불했어요`,
  },
});

/** What was ordered, and what of it was refunded. */
export const OrderLines = ({ order: { items, currency } }: { readonly order: Order }) => {
  const t = useMessages(messages);
  const format = useFormat();
  return (
    <ul className={classes.lines}>
      {items.map(({ productId, name, quantity, unitPrice, lineTotal, refundedQuantity }) => (
        <li key={productId} className={classes.line}>
          <TextLink to="/console/products" search={{ product: productId }} size="sm">
            <bdi>{name}</bdi>
          </TextLink>
          <Text size="sm" fw={600}>
            {format.money(lineTotal, currency)}
          </Text>
          <Text size="xs" c="dimmed">
            {t.units(format.number(quantity), format.money(unitPrice, currency))}
          </Text>
          {refundedQuantity === 0 ? null : (
            <Text size="xs" c="var(--moa-accent)">
              {t.refunded(format.number(refundedQuantity))}{' '}
              {format.money(-refundedQuantity * unitPrice, currency)}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
};
