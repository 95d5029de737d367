/** The key of the log as this browser has seen it first. */
export interface KeptKey {
  readonly verifierKey: string;
  readonly since: string;
}

interface Store {
  readonly getItem: (name: string) => string | null;
  readonly setItem: (name: string, value: string) => void;
}

const NAME = 'moa.log-key';

const parse = (text: string | null): KeptKey | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (typeof value !== 'object' || value === null) return undefined;
    const { verifierKey, since }: Partial<Record<keyof KeptKey, unknown>> = value;
    const isWhole = typeof verifierKey === 'string' && typeof since === 'string';
    return isWhole && !Number.isNaN(Date.parse(since)) ? { verifierKey, since } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The key that this browser trusts: the first one (trust on first use), or else the given one,
 * which it keeps from now on. The kept key stays when the shop answers another one.
 */
export const keepKey = (store: Store, verifierKey: string, now: Date): KeptKey => {
  const kept = parse(store.getItem(NAME));
  if (kept !== undefined) return kept;
  const first = { verifierKey, since: now.toISOString() };
  store.setItem(NAME, JSON.stringify(first));
  return first;
};
