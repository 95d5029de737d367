/** Something that the search found. */
export interface Hit {
  readonly kind: 'order' | 'user' | 'product';
  readonly id: string;
  readonly name: string;
  readonly note: string;
}

export const KINDS = ['order', 'user', 'product'] as const;

const PLACES = {
  order: '/console/orders',
  user: '/console/wallets',
  product: '/console/products',
} as const;

/** Where a hit is shown. */
export const placeOf = ({ kind, id }: Pick<Hit, 'kind' | 'id'>) => ({
  to: PLACES[kind],
  search: { [kind]: id },
});

/** As many as are seen without scrolling. */
const RECENT_MAX = 6;

/** The hits that were opened, the last one first, each once. */
export const addRecent = (recent: readonly Hit[], hit: Hit): Hit[] =>
  [hit, ...recent.filter(({ kind, id }) => kind !== hit.kind || id !== hit.id)].slice(
    0,
    RECENT_MAX,
  );

const isHit = (value: unknown): value is Hit => {
  const { kind, id, name, note } = (value ?? {}) as Partial<Record<keyof Hit, unknown>>;
  const isText = [id, name, note].every((each) => typeof each === 'string');
  return isText && KINDS.some((each) => each === kind);
};

/** The kept hits; nothing of what another version may have kept. */
export const readRecent = (kept: string | null): Hit[] => {
  try {
    const list: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(list) ? list.filter(isHit).slice(0, RECENT_MAX) : [];
  } catch {
    return [];
  }
};
