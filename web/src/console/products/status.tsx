import { Group, Text } from '@mantine/core';
import { IconArchive, IconCircleCheck } from '@tabler/icons-react';
import type { Product } from '@moa-commerce/client';
import { useMessages } from '../../i18n/locale.tsx';
import { productMessages } from './messages.ts';
import classes from './products.module.css';

/** Whether a product is sold, as icon, word and colour. */
export const ProductStatus = ({ status }: Pick<Product, 'status'>) => {
  const t = useMessages(productMessages);
  const Icon = status === 'active' ? IconCircleCheck : IconArchive;
  return (
    <Group gap={4} wrap="nowrap" c={status === 'active' ? 'var(--moa-good)' : 'var(--moa-muted)'}>
      <Icon size={18} aria-hidden />
      <Text component="span" size="sm" fw={600} className={classes.figure}>
        {t[status]}
      </Text>
    </Group>
  );
};
