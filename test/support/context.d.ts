import type { ProvidedContext } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
    superuserUrl: string;
  }
}

/** What the global set-up hands to the tests. */
export type TestContext = ProvidedContext;
