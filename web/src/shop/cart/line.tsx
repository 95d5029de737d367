import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconTrendingDown, IconTrendingUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Picture } from '../../parts/picture.tsx';
import { QuantityStepper } from '../quantity-stepper.tsx';
import { unitsMax } from '../stock.ts';
import classes from './line.module.css';
import { obstacleOf, priceRiseOf, type CartLine } from './lines.ts';
import { cartMessages } from './messages.ts';

const PriceNote = ({ line, currency }: Pick<CartLineRowProps, 'line' | 'currency'>) => {
  const t = useMessages(cartMessages);
  const format = useFormat();
  const rise = priceRiseOf(line);
  if (rise === 0) return null;
  const amount = format.money(Math.abs(rise), currency);
  return (
    <span className={classes.note} data-tone={rise > 0 ? 'warn' : 'good'}>
      {rise > 0 ? (
        <IconTrendingUp size={16} aria-hidden />
      ) : (
        <IconTrendingDown size={16} aria-hidden />
      )}
      {rise > 0 ? t.rose(amount) : t.fell(amount)}
    </span>
  );
};

const ObstacleNote = ({ line }: { readonly line: CartLine }) => {
  const t = useMessages(cartMessages);
  const format = useFormat();
  const obstacle = obstacleOf(line);
  if (obstacle === undefined) return null;
  return (
    <span className={classes.note} data-tone="bad">
      <IconAlertTriangle size={16} aria-hidden />
      {obstacle === 'short' ? t.short(format.number(line.stock)) : t[obstacle]}
    </span>
  );
};

interface CartLineRowProps {
  readonly line: CartLine;
  readonly currency: string;
  readonly onChoose: (quantity: number) => void;
  readonly onRemove: () => void;
}

/** One product of the cart: what changed since it was added, its quantity, and the way out. */
export const CartLineRow = ({ line, currency, onChoose, onRemove }: CartLineRowProps) => {
  const t = useMessages(cartMessages);
  const format = useFormat();
  const { productId, name, imageUrl, quantity, price, stock, lineTotal } = line;
  const obstacle = obstacleOf(line);
  const canBeBought = obstacle === undefined || obstacle === 'short' || obstacle === 'too_much';
  return (
    <li className={classes.line} data-blocked={obstacle !== undefined || undefined}>
      <Link
        to="/products/$productId"
        params={{ productId }}
        className={classes.picture}
        tabIndex={-1}
        aria-hidden
      >
        <Picture imageUrl={imageUrl} name="" size="small" />
      </Link>
      <div className={classes.texts}>
        <Link
          to="/products/$productId"
          params={{ productId }}
          className={classes.name}
          dir="auto"
          title={name}
        >
          {name}
        </Link>
        <span className={classes.each}>{t.each(format.money(price, currency))}</span>
        <PriceNote line={line} currency={currency} />
        <ObstacleNote line={line} />
        {obstacle === 'short' ? (
          <Button
            size="compact-sm"
            variant="default"
            className={classes.take}
            onClick={() => onChoose(unitsMax(stock))}
          >
            {t.take(format.number(unitsMax(stock)))}
          </Button>
        ) : null}
      </div>
      <CloseButton className={classes.remove} aria-label={t.remove(name)} onClick={onRemove} />
      {canBeBought ? (
        <div className={classes.foot}>
          <QuantityStepper
            size="sm"
            name={name}
            value={quantity}
            max={unitsMax(stock)}
            onChange={onChoose}
          />
          <strong className={classes.total}>{format.money(lineTotal, currency)}</strong>
        </div>
      ) : null}
    </li>
  );
};
