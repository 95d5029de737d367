import { Title, VisuallyHidden } from '@mantine/core';
import type { components } from '@moa-commerce/client';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Picture } from '../../parts/picture.tsx';
import { stockMessages } from '../stock-messages.ts';
import { stockLevel } from '../stock.ts';
import classes from './best-sellers.module.css';

const messages = defineMessages({
  en: {
    title: 'Best sellers',
    others: 'Also popular',
    days: 'of the last three days',
    rank: (rank: string) => `No. ${rank}`,
    sold: (units: string) => `${units} sold`,
  },
  ko: {
    title: '인기 상품',
    others: '다른 인기 상품',
    days: '최근 3일',
    rank: (rank: string) => `${rank}위`,
    sold: (units: string) => `${units}개 팔렸어요`,
  },
});

/** Beside a product, which may be one of the best sellers itself. */
const OTHERS = 4;

type List = components['schemas']['BestSellers'];

interface BestSellerProps {
  readonly item: List['items'][number];
  readonly currency: string;
}

const BestSeller = ({ item, currency }: BestSellerProps) => {
  const t = useMessages(messages);
  const stockText = useMessages(stockMessages);
  const format = useFormat();
  const { rank, productId, name, price, imageUrl, stock, unitsSold } = item;
  const isSoldOut = stockLevel(stock) === 'none';
  return (
    <Link to="/products/$productId" params={{ productId }} className={classes.item}>
      <span className={classes.picture} data-none={isSoldOut || undefined}>
        <Picture imageUrl={imageUrl} name="" size="medium" eager />
      </span>
      <span className={classes.rank}>
        <span aria-hidden>{format.number(rank)}</span>
        <VisuallyHidden>{t.rank(format.number(rank))}</VisuallyHidden>
      </span>
      <span className={classes.texts}>
        <span className={classes.name} dir="auto">
          {name}
        </span>
        <span className={classes.price}>{format.money(price, currency)}</span>
        <span className={classes.sold}>
          {isSoldOut ? `${stockText.soldOut} · ` : null}
          {t.sold(format.number(unitsSold))}
        </span>
      </span>
    </Link>
  );
};

interface BestSellersProps {
  readonly list: List;
  /** The product whose page shows the others. */
  readonly besides?: string;
}

/** What sells best now, with its units; nothing while nothing was sold. */
export const BestSellers = ({ list: { items, currency }, besides }: BestSellersProps) => {
  const t = useMessages(messages);
  const shown =
    besides === undefined
      ? items
      : items.filter(({ productId }) => productId !== besides).slice(0, OTHERS);
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="best-sellers">
      <div className={classes.head}>
        <Title order={2} id="best-sellers">
          {besides === undefined ? t.title : t.others}
        </Title>
        <span className={classes.days}>{t.days}</span>
      </div>
      <ol className={classes.rail} data-others={besides !== undefined || undefined}>
        {shown.map((item) => (
          <li key={item.productId}>
            <BestSeller item={item} currency={currency} />
          </li>
        ))}
      </ol>
    </section>
  );
};
