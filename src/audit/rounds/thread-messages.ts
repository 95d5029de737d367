import type { AuditorOptions, Round } from './auditor.ts';

/** The settings that the thread of the audit starts with. */
export type ThreadData = Omit<AuditorOptions, 'onRound' | 'onFault'> & { readonly url: string };

/** The messages from the thread of the audit to the main thread. */
export type ThreadReport =
  | { readonly kind: 'round'; readonly round: Round }
  | { readonly kind: 'fault'; readonly error: unknown };
