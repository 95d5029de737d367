import { CloseButton, Group, Title } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import classes from './side-panel.module.css';

const messages = defineMessages({ en: { close: 'Close' }, ko: { close: '닫기' } });

interface SidePanelProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const takeFocus = (panel: HTMLElement | null): void => panel?.focus();

/** What is opened from a list, beside it: the list stays. Escape closes it. */
export const SidePanel = ({ title, onClose, children }: SidePanelProps) => {
  const t = useMessages(messages);
  useWindowEvent('keydown', ({ key }) => {
    // Escape belongs to a dialog that is open above the panel.
    if (key === 'Escape' && document.querySelector('[aria-modal="true"]') === null) onClose();
  });
  return (
    <aside key={title} ref={takeFocus} className={classes.panel} aria-label={title} tabIndex={-1}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb="md">
        <Title order={2}>{title}</Title>
        <CloseButton aria-label={t.close} onClick={onClose} />
      </Group>
      {children}
    </aside>
  );
};

/** A list and, when something is open, the panel beside it. */
export const ListWithPanel = ({
  list,
  panel,
}: {
  readonly list: ReactNode;
  readonly panel: ReactNode;
}) => (
  <div className={panel === null ? undefined : classes.split}>
    <div className={classes.list}>{list}</div>
    {panel}
  </div>
);
