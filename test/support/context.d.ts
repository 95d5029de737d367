import type { ProvidedContext } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** One database per worker. */
    databases: readonly { readonly url: string; readonly superuserUrl: string }[];
  }
}

/** The context that the global set-up provides. */
export type TestContext = ProvidedContext;
