import { CloseButton, Group, Title } from '@mantine/core';
import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import classes from './side-panel.module.css';

const messages = defineMessages({ en: { close: 'Close' }, ko: { close: '닫기' } });

interface SidePanelProps {
  readonly title: string;
  /** What is open, where its title may change while it is. */
  readonly name?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Escape belongs first to a dialog above the panel and to a list that is open in it. */
const isForPanel = ({ key, target }: KeyboardEvent): boolean =>
  key === 'Escape' &&
  document.querySelector('[aria-modal="true"]') === null &&
  !(target instanceof Element && target.closest('[aria-modal="true"], [aria-expanded="true"]'));

/** Takes the focus, and gives it back to where it was when the panel is closed. */
const useFocusWhileOpen = () => {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const opened = panel.current;
    opened?.focus({ preventScroll: true });
    return () => {
      const isLost =
        document.activeElement === document.body || opened?.contains(document.activeElement);
      if (isLost === true && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return panel;
};

const Panel = ({ title, onClose, children }: SidePanelProps) => {
  const t = useMessages(messages);
  const panel = useFocusWhileOpen();
  const closeOnEscape = useEffectEvent((event: KeyboardEvent) => {
    if (isForPanel(event)) onClose();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => closeOnEscape(event);
    // Before the dialog or the list: they are gone from the page when they have handled it.
    addEventListener('keydown', listen, { capture: true });
    return () => removeEventListener('keydown', listen, { capture: true });
  }, []);
  return (
    <aside ref={panel} className={classes.panel} aria-label={title} tabIndex={-1}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb="md">
        <Title order={2} className={classes.title}>
          <bdi>{title}</bdi>
        </Title>
        <CloseButton aria-label={t.close} onClick={onClose} />
      </Group>
      {children}
    </aside>
  );
};

/** What is opened from a list, beside it: the list stays. Escape closes it. */
export const SidePanel = (props: SidePanelProps) => (
  <Panel key={props.name ?? props.title} {...props} />
);

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
