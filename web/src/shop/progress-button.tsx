import { Button, Group, Loader, Text, type ButtonProps } from '@mantine/core';
import { IconClockPause, IconWifiOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Phase } from './sending.ts';
import classes from './progress-button.module.css';

interface ProgressButtonProps extends ButtonProps {
  readonly phase: Phase;
  /** What the button says at rest. */
  readonly children: ReactNode;
  readonly busy: string;
  readonly queued: string;
  readonly offline: string;
  readonly onClick: () => void;
}

const icons = {
  sending: <Loader size={18} color="currentColor" aria-hidden />,
  queued: <IconClockPause size={20} aria-hidden />,
  offline: <IconWifiOff size={20} aria-hidden />,
};

/** A button that becomes the progress of what it began, in the same place and size. */
export const ProgressButton = ({
  phase,
  children,
  busy,
  queued,
  offline,
  onClick,
  ...props
}: ProgressButtonProps) => {
  const words = { sending: busy, queued, offline };
  return (
    <div aria-live="polite">
      {phase === 'idle' ? (
        <Button
          size="lg"
          fullWidth
          h="auto"
          mih={56}
          {...props}
          onClick={onClick}
          classNames={{ label: classes.label ?? '' }}
        >
          {children}
        </Button>
      ) : (
        <div className={classes.progress}>
          <Group gap="sm" justify="center" wrap="nowrap">
            {icons[phase]}
            <Text size="sm" fw={600}>
              {words[phase]}
            </Text>
          </Group>
          {phase === 'queued' ? <span className={classes.bar} aria-hidden /> : null}
        </div>
      )}
    </div>
  );
};
