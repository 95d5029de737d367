import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Product } from '@moa-commerce/client';
import { productQuery } from '../../api/queries.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { DoneNote } from '../parts/done-note.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { useGuard } from '../parts/use-guard.tsx';
import { ProductActions, type Action } from './actions.tsx';
import { EditForm } from './edit-form.tsx';
import { ProductFacts } from './facts.tsx';
import { productMessages } from './messages.ts';
import { Movements } from './movements.tsx';
import { PastStock } from './past-stock.tsx';
import { StatusChange } from './status-change.tsx';
import { StockForm } from './stock-form.tsx';

interface BodyProps {
  readonly product: Product;
  readonly firstNote: string | undefined;
  readonly guard: ReturnType<typeof useGuard>;
}

const Body = ({ product, firstNote, guard }: BodyProps) => {
  const [note, setNote] = useState(firstNote);
  const [action, setAction] = useState<Action>();
  const close = (): void => {
    guard.reset();
    setAction(undefined);
  };
  const done = (text: string): void => {
    close();
    setNote(text);
  };
  const open = (next: Action): void => {
    setNote(undefined);
    setAction(next);
  };
  if (action === 'edit') {
    return (
      <EditForm
        product={product}
        onClose={() => guard.leave(close)}
        onTouched={guard.touch}
        onDone={done}
      />
    );
  }
  return (
    <Stack gap="lg">
      <ProductFacts product={product} />
      <DoneNote text={note} />
      {action === 'stock' ? (
        <StockForm
          product={product}
          onClose={() => guard.leave(close)}
          onTouched={guard.touch}
          onDone={done}
        />
      ) : (
        <ProductActions product={product} onOpen={open} />
      )}
      <StatusChange product={product} opened={action === 'status'} onClose={close} onDone={done} />
      <PastStock productId={product.productId} />
      <Movements productId={product.productId} />
    </Stack>
  );
};

interface ProductPanelProps {
  readonly productId: string;
  /** What has just been done with it. */
  readonly firstNote: string | undefined;
  readonly onClose: () => void;
}

/** A product beside the list, with what can be done about it. */
export const ProductPanel = ({ productId, firstNote, onClose }: ProductPanelProps) => {
  const words = useMessages(productMessages);
  const guard = useGuard('product');
  const { data, error, refetch } = useQuery(productQuery(productId));
  return (
    <SidePanel title={data?.name ?? words.title} name={productId} onClose={onClose}>
      {error === null ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
      )}
      {data === undefined ? (
        error === null ? (
          <Skeleton height={320} />
        ) : null
      ) : (
        <Body product={data} firstNote={firstNote} guard={guard} />
      )}
      {guard.question}
    </SidePanel>
  );
};
