import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Product } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { changeOf, valuesOf, type Values } from './form.ts';
import { ProductForm } from './product-form.tsx';
import { showProduct } from './queries.ts';

const messages = defineMessages({
  en: { action: 'Save the changes', done: 'The changes are saved.', same: 'Nothing was changed.' },
  ko: {
    action: '변경 내용 저장하기',
    done: '변경 내용을 저장했어요.',
    same: '바꾼 내용이 없어요.',
  },
});

interface EditFormProps {
  readonly product: Product;
  readonly onClose: () => void;
  readonly onTouched: () => void;
  readonly onDone: (note: string) => void;
}

/** Changes a product. */
export const EditForm = ({ product, onClose, onTouched, onDone }: EditFormProps) => {
  const t = useMessages(messages);
  const client = useQueryClient();
  // As it was when the form was opened: what changes meanwhile is not taken back.
  const [before] = useState(product);
  const send = async (values: Values) => {
    const body = changeOf(before, values);
    if (Object.keys(body).length === 0) {
      onDone(t.same);
      return { ok: true } as const;
    }
    const result = await moa.calls.patch('/v1/products/{productId}', {
      path: { productId: before.productId },
      body,
    });
    if (result.ok) {
      showProduct(client, result.data);
      onDone(t.done);
    }
    return result;
  };
  return (
    <ProductForm
      first={valuesOf(before)}
      isNew={false}
      currency={before.currency}
      action={t.action}
      send={send}
      onClose={onClose}
      onTouched={onTouched}
    />
  );
};
