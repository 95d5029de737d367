import { Group, Text } from '@mantine/core';
import { IconReceiptRefund } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Order } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Picture } from '../../parts/picture.tsx';
import { orderMessages } from './messages.ts';
import { ProductPicture } from './product-picture.tsx';
import classes from './order.module.css';

/** Each picture is a request; an order has up to 100 lines. */
const PICTURES_MAX = 24;

/** What was ordered, and what of it was refunded. */
export const OrderLines = ({ order }: { readonly order: Order }) => {
  const t = useMessages(orderMessages);
  const format = useFormat();
  const { items, currency } = order;
  return (
    <ul className={classes.lines} aria-label={t.lines(items.length)}>
      {items.map(({ productId, name, quantity, unitPrice, lineTotal, refundedQuantity }, index) => (
        <li key={productId} className={classes.line}>
          {index < PICTURES_MAX ? (
            <ProductPicture productId={productId} />
          ) : (
            <Picture imageUrl={null} name="" size="small" />
          )}
          <div className={classes.detail}>
            <div className={classes.what}>
              <Link to="/products/$productId" params={{ productId }} className={classes.name}>
                <bdi>{name}</bdi>
              </Link>
              <Text size="xs" c="dimmed">
                {t.quantity(format.number(quantity), format.money(unitPrice, currency))}
              </Text>
              {refundedQuantity > 0 ? (
                <Group gap={4} c="var(--moa-accent)" wrap="nowrap" align="flex-start">
                  <IconReceiptRefund size={14} aria-hidden />
                  <Text size="xs">
                    {t.lineRefunded(format.number(refundedQuantity))}{' '}
                    {format.money(-refundedQuantity * unitPrice, currency)}
                  </Text>
                </Group>
              ) : null}
            </div>
            <Text fw={600} ml="auto">
              {format.money(lineTotal, currency)}
            </Text>
          </div>
        </li>
      ))}
    </ul>
  );
};
