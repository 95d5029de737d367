import { Group, Stack, Text, Title } from '@mantine/core';
import type { Product } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Picture } from '../../parts/picture.tsx';
import { Facts } from '../parts/facts.tsx';
import { ShortId } from '../parts/short-id.tsx';
import { productMessages } from './messages.ts';
import classes from './products.module.css';
import { ProductStatus } from './status.tsx';

/** A product as it is; its stock and price change by themselves. */
export const ProductFacts = ({ product }: { readonly product: Product }) => {
  const t = useMessages(productMessages);
  const format = useFormat();
  const metadata = Object.entries(product.metadata);
  return (
    <Stack gap="md">
      <Group wrap="nowrap" align="flex-start">
        <div className={classes.picture}>
          <Picture imageUrl={product.imageUrl} name={product.name} size="small" />
        </div>
        <Stack gap={4}>
          <Text size="lg" fw={700}>
            {format.money(product.price, product.currency)}
          </Text>
          <Text component="output" size="sm">
            {t.stock} <strong>{format.number(product.stock)}</strong>
            {product.stock === 0 ? ` · ${t.soldOut}` : ''}
          </Text>
          <ProductStatus status={product.status} />
        </Stack>
      </Group>
      <Facts
        facts={[
          [t.sku, <bdi key="sku">{product.sku ?? t.none}</bdi>],
          [t.id, <ShortId key="id" id={product.productId} whole />],
          [t.created, format.exact(product.createdAt)],
          [t.changed, format.exact(product.updatedAt)],
        ]}
      />
      {product.description === '' ? null : (
        <section>
          <Title order={3} mb={4}>
            {t.description}
          </Title>
          <Text size="sm" className={classes.description}>
            <bdi>{product.description}</bdi>
          </Text>
        </section>
      )}
      {metadata.length === 0 ? null : (
        <section>
          <Title order={3} mb={4}>
            {t.metadata}
          </Title>
          <Facts facts={metadata.map(([name, value]) => [name, <bdi key={name}>{value}</bdi>])} />
        </section>
      )}
    </Stack>
  );
};
