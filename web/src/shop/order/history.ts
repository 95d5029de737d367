declare module '@tanstack/react-router' {
  interface HistoryState {
    /** How a checkout came to the order that is shown: paid now, or by an earlier request. */
    readonly paid?: 'now' | 'before';
  }
}

/** What a page says to the shopper who comes from a checkout. */
export type Greeting = 'now' | 'before' | undefined;
