import type { RelaysOptions } from './relays.ts';
import type { Attempt } from './relay.ts';

/** What the delivery thread is started with. */
export type ThreadData = Pick<RelaysOptions, 'allowPrivate' | 'retry'> & { readonly url: string };

/** What the main thread sends to the delivery thread. */
export type ThreadCommand = 'wake' | 'poll' | 'stop';

/** What the delivery thread sends to the main thread. */
export type ThreadReport =
  | {
      readonly kind: 'attempt';
      readonly destination: { readonly destinationId: string; readonly name: string };
      readonly attempt: Attempt;
    }
  | { readonly kind: 'fault'; readonly error: unknown };
