import { Group, Stack, Text } from '@mantine/core';
import { IconTrendingUp } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Picture } from '../../parts/picture.tsx';
import { checkoutMessages } from './messages.ts';
import { risenSince, type CheckoutLine, type Seen } from './purchase.ts';
import classes from './checkout.module.css';

interface LinesProps {
  readonly lines: readonly CheckoutLine[];
  readonly seen: Seen;
  readonly currency: string;
}

/** What is bought; lines that cost more than what was seen say so. */
export const Lines = ({ lines, seen, currency }: LinesProps) => {
  const t = useMessages(checkoutMessages);
  const format = useFormat();
  const risen = risenSince(seen, lines);
  return (
    <ul className={classes.lines} aria-label={t.lines(lines.length)}>
      {lines.map((line) => {
        const before = seen.lines[line.productId];
        return (
          <li key={line.productId} className={classes.line}>
            <Picture imageUrl={line.imageUrl} name="" size="small" />
            <div className={classes.detail}>
              <div className={classes.what}>
                <Text lineClamp={2} size="sm" fw={500}>
                  <bdi>{line.name}</bdi>
                </Text>
                <Text size="xs" c="dimmed">
                  {t.quantity(format.number(line.quantity), format.money(line.price, currency))}
                </Text>
              </div>
              <Stack gap={0} align="flex-end" ml="auto">
                <Text fw={600}>{format.money(line.lineTotal, currency)}</Text>
                {risen.has(line.productId) ? (
                  <Group gap={4} c="var(--moa-warn)" wrap="nowrap">
                    <IconTrendingUp size={14} aria-hidden />
                    <Text size="xs">
                      {before === undefined ? t.added : t.risen(format.money(before, currency))}
                    </Text>
                  </Group>
                ) : null}
              </Stack>
            </div>
          </li>
        );
      })}
    </ul>
  );
};
