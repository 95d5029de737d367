import { useQueryClient } from '@tanstack/react-query';
import type { Product } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Confirmation } from '../parts/confirmation.tsx';
import { showProduct } from './queries.ts';

const messages = defineMessages({
  en: {
    archive: (name: string) => `Archive ${name}?`,
    archiveEffect: (stock: string) =>
      `It leaves the shop now and cannot be bought; its stock of ${stock} stays. Orders keep it. ` +
      'You can make it active again at any time.',
    archiveAction: 'Archive the product',
    archived: 'The product is archived. It is in the list of archived products.',
    activate: (name: string) => `Sell ${name} again?`,
    activateEffect: (price: string, stock: string) =>
      `It is in the shop again for ${price}, with a stock of ${stock}.`,
    activateAction: 'Make active again',
    activated: 'The product is active again.',
  },
  ko: {
    archive: (name: string) => `${name} 상품을 보관할까요?`,
    archiveEffect: (stock: string) =>
      `바로 가게에서 내려가고 살 수 없어요. 재고 ${stock}개는 그대로예요. 지난 주문에는 남아 ` +
      '있고, 언제든 다시 판매할 수 있어요.',
    archiveAction: '상품 보관하기',
    archived: '상품을 보관했어요. 보관한 상품 목록에 있어요.',
    activate: (name: string) => `${name} 상품을 다시 판매할까요?`,
    activateEffect: (price: string, stock: string) =>
      `${price}에 재고 ${stock}개로 가게에 다시 올라가요.`,
    activateAction: '다시 판매하기',
    activated: '상품을 다시 판매해요.',
  },
});

interface StatusChangeProps {
  readonly product: Product;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onDone: (note: string) => void;
}

/** The second step of taking a product out of the shop, and of bringing it back. */
export const StatusChange = ({ product, opened, onClose, onDone }: StatusChangeProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const client = useQueryClient();
  const { productId, name, price, currency, stock } = product;
  const isActive = product.status === 'active';
  const units = format.number(stock);
  const run = async () => {
    const result = await moa.calls.patch('/v1/products/{productId}', {
      path: { productId },
      body: { status: isActive ? 'archived' : 'active' },
    });
    if (result.ok) {
      showProduct(client, result.data);
      onDone(isActive ? t.archived : t.activated);
    }
    return result;
  };
  return (
    <Confirmation
      opened={opened}
      onClose={onClose}
      title={isActive ? t.archive(name) : t.activate(name)}
      effect={
        isActive ? t.archiveEffect(units) : t.activateEffect(format.money(price, currency), units)
      }
      action={isActive ? t.archiveAction : t.activateAction}
      harmless={!isActive}
      run={run}
      onDone={onClose}
    />
  );
};
