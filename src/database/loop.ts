import { setTimeout as delay } from 'node:timers/promises';

export interface Loop {
  /** Begins the next round now instead of after the pause. */
  readonly wake: () => void;
  /** No further round begins; resolves when the one that runs is over. */
  readonly stop: () => Promise<void>;
}

interface LoopOptions {
  /** One bounded round; answers whether more is waiting, and then the next begins at once. */
  readonly runOnce: () => Promise<boolean>;
  /** The pause between rounds. */
  readonly everyMs: number;
  /** Told of a round that failed; the loop goes on after the pause. */
  readonly onFault: (error: unknown) => void;
}

/** Repeats rounds of background work until it is stopped; does not keep the process alive. */
export const startLoop = ({ runOnce, everyMs, onFault }: LoopOptions): Loop => {
  const stopping = new AbortController();
  let isAwake = false;
  let pause = new AbortController();

  const rest = async (): Promise<void> => {
    if (!isAwake) {
      await delay(everyMs, undefined, { signal: pause.signal, ref: false }).catch(() => undefined);
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
