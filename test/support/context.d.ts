import type { ProvidedContext } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** One for each worker. */
    databases: readonly { readonly url: string; readonly superuserUrl: string }[];
  }
}

/** What the global set-up hands to the tests. */
export type TestContext = ProvidedContext;
