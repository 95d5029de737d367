import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconTrendingUp } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { checkoutMessages } from './messages.ts';
import classes from './checkout.module.css';

interface FiguresProps {
  readonly total: number;
  readonly balance: number;
  readonly currency: string;
}

/** The total, and the balance before and after; or what is missing. */
export const Figures = ({ total, balance, currency }: FiguresProps) => {
  const t = useMessages(checkoutMessages);
  const format = useFormat();
  const after = balance - total;
  return (
    <dl className={classes.figures}>
      <div className={`${classes.figure} ${classes.total}`}>
        <dt>{t.total}</dt>
        <dd>{format.money(total, currency)}</dd>
      </div>
      <div className={classes.figure}>
        <dt>{t.balance}</dt>
        <dd>{format.money(balance, currency)}</dd>
      </div>
      <div className={classes.figure}>
        <dt>{after < 0 ? t.short : t.after}</dt>
        <dd>
          {after < 0 ? (
            <Group gap={4} c="var(--moa-bad)" wrap="nowrap">
              <IconAlertTriangle size={16} aria-hidden />
              <Text fw={600}>{format.money(-after, currency)}</Text>
            </Group>
          ) : (
            format.money(after, currency)
          )}
        </dd>
      </div>
    </dl>
  );
};

interface RoseProps {
  readonly before: number;
  readonly now: number;
  readonly currency: string;
}

/** The total that was seen and the one of now, beside each other. */
export const Rose = ({ before, now, currency }: RoseProps) => {
  const t = useMessages(checkoutMessages);
  const format = useFormat();
  return (
    <div role="alert">
      <Group gap={6} c="var(--moa-warn)" wrap="nowrap" mb={4}>
        <IconTrendingUp size={18} aria-hidden />
        <Text fw={600}>{t.roseTitle(format.money(now - before, currency))}</Text>
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {t.roseText}
      </Text>
      <dl className={classes.rose}>
        <div className={classes.old}>
          <dt>{t.before}</dt>
          <dd>{format.money(before, currency)}</dd>
        </div>
        <div>
          <dt>{t.now}</dt>
          <dd>{format.money(now, currency)}</dd>
        </div>
      </dl>
    </div>
  );
};
