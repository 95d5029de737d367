import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { PastAnswer, PastFigure } from '../parts/past-figure.tsx';
import { pastProductQuery } from './queries.ts';

const messages = defineMessages({
  en: {
    at: 'Stock at',
    was: (stock: string, price: string, time: string) => `${stock} left, at ${price}, on ${time}`,
    earlier: 'A change up to that time is still being recorded, so this is the stock before it.',
    before: 'This product did not exist then.',
  },
  ko: {
    at: '이때의 재고',
    was: (stock: string, price: string, time: string) => `${time}에 ${stock}개, 가격 ${price}`,
    earlier: '그때까지의 변경이 아직 기록되는 중이라, 그 전의 재고예요.',
    before: '그때는 없던 상품이에요.',
  },
});

const Answer = ({ productId, at }: { readonly productId: string; readonly at: Date }) => {
  const t = useMessages(messages);
  const format = useFormat();
  return (
    <PastAnswer
      query={useQuery(pastProductQuery(productId, at))}
      at={at}
      missing={{ code: 'product_not_found', text: t.before }}
      earlier={t.earlier}
      was={({ stock, price, currency }, time) =>
        t.was(format.number(stock), format.money(price, currency), time)
      }
    />
  );
};

/** The stock and the price at a past time. */
export const PastStock = ({ productId }: { readonly productId: string }) => {
  const t = useMessages(messages);
  return <PastFigure label={t.at}>{(at) => <Answer productId={productId} at={at} />}</PastFigure>;
};
