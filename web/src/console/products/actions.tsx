import { Button, Group } from '@mantine/core';
import type { Product } from '@moa-commerce/client';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { LinkButton } from '../../parts/link.tsx';

const messages = defineMessages({
  en: {
    edit: 'Edit',
    stock: 'Adjust the stock',
    archive: 'Archive…',
    activate: 'Make active again…',
    orders: 'Its orders',
    shop: 'In the shop',
  },
  ko: {
    edit: '고치기',
    stock: '재고 조정',
    archive: '보관하기…',
    activate: '다시 판매하기…',
    orders: '이 상품의 주문',
    shop: '가게에서 보기',
  },
});

/** What is open for a product. */
export type Action = 'edit' | 'stock' | 'status';

interface ProductActionsProps {
  readonly product: Product;
  readonly onOpen: (action: Action) => void;
}

/** What can be done with a product, and where it is seen. */
export const ProductActions = ({ product, onOpen }: ProductActionsProps) => {
  const t = useMessages(messages);
  const { productId, status } = product;
  return (
    <Group gap={8}>
      <Button size="xs" onClick={() => onOpen('edit')}>
        {t.edit}
      </Button>
      <Button size="xs" variant="default" onClick={() => onOpen('stock')}>
        {t.stock}
      </Button>
      <Button size="xs" variant="default" onClick={() => onOpen('status')}>
        {status === 'active' ? t.archive : t.activate}
      </Button>
      <LinkButton size="xs" variant="default" to="/console/orders" search={{ product: productId }}>
        {t.orders}
      </LinkButton>
      <LinkButton size="xs" variant="default" to="/products/$productId" params={{ productId }}>
        {t.shop}
      </LinkButton>
    </Group>
  );
};
