import { setTimeout as delay } from 'node:timers/promises';

export interface Loop {
  /** Starts the next round now instead of after the pause. */
  readonly wake: () => void;
  /** Prevents further rounds; resolves after the current round. */
  readonly stop: () => Promise<void>;
}

interface LoopOptions {
  /** One bounded round; returns whether more is waiting, which starts the next round at once. */
  readonly runOnce: () => Promise<boolean>;
  /** The pause between rounds; a function is asked before each pause. */
  readonly everyMs: number | (() => number);
  /** Called after a failed round; the loop continues after the pause. */
  readonly onFault: (error: unknown) => void;
}

/** Repeats rounds of background work until stopped; does not keep the process alive. */
export const startLoop = ({ runOnce, everyMs, onFault }: LoopOptions): Loop => {
  const stopping = new AbortController();
  let isAwake = false;
  let pause = new AbortController();

  const rest = async (): Promise<void> => {
    if (!isAwake) {
      const pauseMs = typeof everyMs === 'number' ? everyMs : everyMs();
      await delay(pauseMs, undefined, { signal: pause.signal, ref: false }).catch(() => undefined);
    }
    isAwake = false;
    pause = new AbortController();
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let more = false;
      try {
        more = await runOnce();
      } catch (error) {
        onFault(error);
      }
      if (!more && !stopping.signal.aborted) await rest();
    }
  };
  const running = run();

  const wake = (): void => {
    isAwake = true;
    pause.abort();
  };
  return {
    wake,
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
  };
};
