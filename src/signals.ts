import { isatty } from 'node:tty';

interface StopOptions {
  readonly drainMs: number;
  readonly shutdownMs: number;
  /** Begins the stop; called once. */
  readonly stop: () => Promise<void>;
  /** Called on SIGHUP, and not when that says that the terminal is gone. */
  readonly onHangup: () => void;
}

/**
 * Stops the service on SIGINT or SIGTERM and exits in any case after both times; the same signal
 * again ends it at once. Returns the stop without a signal.
 */
export const stopOnSignals = ({ drainMs, shutdownMs, stop, onHangup }: StopOptions) => {
  const giveUp = (): void => {
    process.stderr.write(`The shutdown took longer than ${shutdownMs} ms; Moa exits now.\n`);
    process.exit(1);
  };
  let isStopping = false;
  const stopOnce = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(giveUp, drainMs + shutdownMs);
    void stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopOnce);
  process.on('SIGHUP', () => {
    if (hasLostTerminal()) stopOnce();
    else onHangup();
  });
  return { stop: stopOnce, isStopping: () => isStopping };
};

/** Whether standard output was a terminal that is closed now (POSIX: SIGHUP also says that). */
const hasLostTerminal = (): boolean => process.stdout.isTTY && !isatty(1);
