import { Text } from '@mantine/core';
import { useMemo } from 'react';
import type { Product } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Picture } from '../../parts/picture.tsx';
import type { Column } from '../parts/list-table.tsx';
import { productMessages } from './messages.ts';
import classes from './products.module.css';
import { ProductStatus } from './status.tsx';

/** The columns of the list of products. */
export const useProductColumns = (): readonly Column<Product>[] => {
  const t = useMessages(productMessages);
  const format = useFormat();
  return useMemo(
    () => [
      {
        header: t.picture,
        minor: 'phone',
        width: 56,
        cell: ({ imageUrl }) => (
          <span className={classes.thumb}>
            <Picture imageUrl={imageUrl} name="" size="small" />
          </span>
        ),
      },
      {
        header: t.name,
        cell: ({ name }) => (
          <bdi className={classes.name} title={name}>
            {name}
          </bdi>
        ),
        csv: ({ name }) => name,
      },
      {
        header: t.sku,
        minor: true,
        cell: ({ sku }) => (
          <bdi className={classes.sku} title={sku ?? undefined}>
            {sku ?? t.none}
          </bdi>
        ),
        csv: ({ sku }) => sku,
      },
      {
        header: t.price,
        align: 'right',
        cell: ({ price, currency }) => (
          <span className={classes.figure}>{format.money(price, currency)}</span>
        ),
        csv: ({ price, currency }) => format.major(price, currency),
      },
      { header: t.currency, csv: ({ currency }) => currency },
      {
        header: t.stock,
        align: 'right',
        cell: ({ stock }) =>
          stock === 0 ? (
            <Text component="span" size="sm" fw={600} c="var(--moa-bad)" className={classes.figure}>
              0 · {t.soldOut}
            </Text>
          ) : (
            <span className={classes.figure}>{format.number(stock)}</span>
          ),
        csv: ({ stock }) => stock,
      },
      {
        header: t.status,
        width: 110,
        minor: true,
        cell: ({ status }) => <ProductStatus status={status} />,
        csv: ({ status }) => status,
      },
    ],
    [t, format],
  );
};
