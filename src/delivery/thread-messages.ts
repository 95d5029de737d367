import type { OnTrouble, TracingSettings } from '../tracing/index.ts';
import type { RelaysOptions } from './relays.ts';
import type { Attempt } from './relay.ts';

/** The options of the delivery thread, and what it reports. */
export interface ThreadOptions extends RelaysOptions {
  /** How attempts to send are traced; without it, none is. */
  readonly tracing?: TracingSettings | undefined;
  /** Called with a sentence when spans cannot be exported. */
  readonly onTrouble?: OnTrouble;
}

/** The settings that the delivery thread starts with. */
export type ThreadData = Omit<ThreadOptions, 'onAttempt' | 'onFault' | 'onTrouble'> & {
  readonly url: string;
};

/** The messages from the main thread to the delivery thread. */
export type ThreadCommand = 'wake' | 'poll' | 'stop';

/** The messages from the delivery thread to the main thread. */
export type ThreadReport =
  | {
      readonly kind: 'attempt';
      readonly destination: { readonly destinationId: string; readonly name: string };
      readonly attempt: Attempt;
    }
  | { readonly kind: 'fault'; readonly error: unknown }
  | { readonly kind: 'trouble'; readonly message: string };
