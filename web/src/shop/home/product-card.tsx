import { Skeleton } from '@mantine/core';
import type { Product } from '@moa-commerce/client';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Picture } from '../../parts/picture.tsx';
import { stockMessages } from '../stock-messages.ts';
import { stockLevel } from '../stock.ts';
import classes from './product-card.module.css';

interface ProductCardProps {
  readonly product: Product;
  /** Whether it is seen first. */
  readonly eager: boolean;
}

/** A product of the grid: the whole card is the link. */
export const ProductCard = ({ product, eager }: ProductCardProps) => {
  const t = useMessages(stockMessages);
  const format = useFormat();
  const { productId, name, price, currency, imageUrl, stock } = product;
  const level = stockLevel(stock);
  return (
    <Link
      to="/products/$productId"
      params={{ productId }}
      className={classes.card}
      data-none={level === 'none' || undefined}
    >
      <span className={classes.picture}>
        <Picture imageUrl={imageUrl} name="" size="medium" eager={eager} />
        {level === 'none' ? <span className={classes.soldOut}>{t.soldOut}</span> : null}
      </span>
      <span className={classes.name} dir="auto">
        {name}
      </span>
      <span className={classes.figures}>
        <span className={classes.price}>{format.money(price, currency)}</span>
        {level === 'low' ? (
          <span className={classes.low}>{t.left(format.number(stock))}</span>
        ) : null}
      </span>
    </Link>
  );
};

/** The place of a card, in its final size. */
export const ProductCardPlace = () => (
  <div className={classes.card}>
    <Skeleton className={classes.picturePlace} />
    <span className={classes.name}>
      <Skeleton height={14} mt={4} mb={4} width="70%" />
    </span>
    <span className={classes.figures}>
      <Skeleton height={16} width={80} />
    </span>
  </div>
);
