import { RollingNumber, VisuallyHidden } from '@mantine/core';
import { IconCircleX, IconPackage } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { stockLevel } from '../stock.ts';
import classes from './live-stock.module.css';

const messages = defineMessages({
  en: {
    before: '',
    after: ' left right now',
    left: (count: string) => `${count} left right now`,
    soldOut: 'Sold out for now',
  },
  ko: {
    before: '지금 ',
    after: '개 남았어요',
    left: (count: string) => `지금 ${count}개 남았어요`,
    soldOut: '지금은 다 팔렸어요',
  },
});

/** The units that are left now; a change is counted down softly, and read out once. */
export const LiveStock = ({ stock }: { readonly stock: number }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const level = stockLevel(stock);
  return (
    <div className={classes.stock} data-level={level}>
      <VisuallyHidden component="output" aria-live="polite">
        {level === 'none' ? t.soldOut : t.left(format.number(stock))}
      </VisuallyHidden>
      {level === 'none' ? (
        <>
          <IconCircleX size={18} aria-hidden />
          <span aria-hidden>{t.soldOut}</span>
        </>
      ) : (
        <>
          <IconPackage size={18} aria-hidden />
          <RollingNumber
            aria-hidden
            value={stock}
            prefix={t.before}
            suffix={t.after}
            thousandSeparator
            animationDuration={400}
          />
        </>
      )}
    </div>
  );
};
