import type { RelaysOptions } from './relays.ts';
import type { Attempt } from './relay.ts';

/** The settings that the delivery thread starts with. */
export type ThreadData = Omit<RelaysOptions, 'onAttempt' | 'onFault'> & { readonly url: string };

/** The messages from the main thread to the delivery thread. */
export type ThreadCommand = 'wake' | 'poll' | 'stop';

/** The messages from the delivery thread to the main thread. */
export type ThreadReport =
  | {
      readonly kind: 'attempt';
      readonly destination: { readonly destinationId: string; readonly name: string };
      readonly attempt: Attempt;
    }
  | { readonly kind: 'fault'; readonly error: unknown };
