import { Button, Group, Stack, TextInput, Textarea } from '@mantine/core';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { MoneyInput } from '../../parts/money-input.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import type { Values } from './form.ts';
import { productMessages } from './messages.ts';
import { MetadataFields } from './metadata-fields.tsx';
import { PictureField } from './picture-field.tsx';
import { StockInput } from './stock-input.tsx';
import { useProductForm, type SendForm } from './use-product-form.ts';

const messages = defineMessages({
  en: { back: 'Cancel', skuHint: 'The number of your own books, if there is one' },
  ko: { back: '취소', skuHint: '쓰고 있는 관리 번호가 있으면 적어 주세요' },
});

const NAME_LENGTH_MAX = 200;
const SKU_LENGTH_MAX = 64;
const DESCRIPTION_LENGTH_MAX = 10_000;

interface ProductFormProps {
  readonly first: Values;
  readonly isNew: boolean;
  readonly currency: string;
  /** What the button does. */
  readonly action: string;
  readonly send: SendForm;
  readonly onClose: () => void;
  /** Called when something is typed. */
  readonly onTouched: () => void;
}

/** The form of a product. */
export const ProductForm = (props: ProductFormProps) => {
  const { first, isNew, currency, action, send, onClose, onTouched } = props;
  const t = useMessages(messages);
  const words = useMessages(productMessages);
  const { values, change, errorOf, submit, problem, busy, uploading, setUploading } =
    useProductForm({ first, isNew, send, onTouched });
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          name="name"
          label={words.name}
          required
          maxLength={NAME_LENGTH_MAX}
          value={values.name}
          error={errorOf('name')}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <MoneyInput
            name="price"
            label={words.price}
            required
            currency={currency}
            value={values.price}
            error={errorOf('price')}
            onChange={(price) => change({ price })}
          />
          {isNew ? (
            <StockInput
              name="stock"
              label={words.stock}
              required
              value={values.stock}
              error={errorOf('stock')}
              onChange={(stock) => change({ stock })}
            />
          ) : null}
        </Group>
        <TextInput
          name="sku"
          label={words.sku}
          description={t.skuHint}
          maxLength={SKU_LENGTH_MAX}
          value={values.sku}
          error={errorOf('sku')}
          onChange={({ currentTarget }) => change({ sku: currentTarget.value })}
        />
        <PictureField
          imageUrl={values.imageUrl}
          error={errorOf('imageUrl')}
          onChange={(imageUrl) => change({ imageUrl })}
          onUploading={setUploading}
        />
        <Textarea
          name="description"
          label={words.description}
          maxLength={DESCRIPTION_LENGTH_MAX}
          autosize
          minRows={3}
          maxRows={12}
          value={values.description}
          error={errorOf('description')}
          onChange={({ currentTarget }) => change({ description: currentTarget.value })}
        />
        <MetadataFields
          rows={values.metadata}
          error={errorOf('metadata')}
          onChange={(metadata) => change({ metadata })}
        />
        {problem === undefined ? null : <ProblemNotice problem={problem} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onClose} disabled={busy}>
            {t.back}
          </Button>
          <Button type="submit" loading={busy} disabled={uploading}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
