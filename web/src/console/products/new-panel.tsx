import { Skeleton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Product } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { settle } from '../parts/settle.ts';
import { SidePanel } from '../parts/side-panel.tsx';
import { useGuard } from '../parts/use-guard.tsx';
import { EMPTY, newProductOf, type Values } from './form.ts';
import { productMessages } from './messages.ts';
import { ProductForm } from './product-form.tsx';
import { showProduct } from './queries.ts';

const messages = defineMessages({
  en: { action: 'Create the product' },
  ko: { action: '상품 등록하기' },
});

const newIntent = () => moa.intent('console:product:new');

interface NewProductPanelProps {
  /** Undefined until the shop has answered. */
  readonly currency: string | undefined;
  readonly onClose: () => void;
  readonly onMade: (product: Product, replayed: boolean) => void;
}

/** The form of a new product beside the list. */
export const NewProductPanel = ({ currency, onClose, onMade }: NewProductPanelProps) => {
  const t = useMessages(messages);
  const words = useMessages(productMessages);
  const client = useQueryClient();
  const guard = useGuard('product');
  const [intent, setIntent] = useState(newIntent);
  const send = async (values: Values) => {
    const result = await settle(intent, (key) =>
      moa.calls.post('/v1/products', { body: newProductOf(values), key }),
    );
    if (result.ok) {
      showProduct(client, result.data);
      guard.reset();
      onMade(result.data, result.replayed);
    } else setIntent(newIntent);
    return result;
  };
  return (
    <SidePanel title={words.add} onClose={onClose}>
      {currency === undefined ? (
        <Skeleton h={480} />
      ) : (
        <ProductForm
          first={EMPTY}
          isNew
          currency={currency}
          action={t.action}
          send={send}
          onClose={onClose}
          onTouched={guard.touch}
        />
      )}
      {guard.question}
    </SidePanel>
  );
};
