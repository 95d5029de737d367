import type { Pressed } from '../checkout/pressed.ts';

/** A charge that was pressed and is sent again until it is answered, also after a reload. */
export interface PressedCharge {
  readonly amount: number;
  readonly at: number;
  /** The purchase that is paid as soon as the wallet is charged. */
  readonly thenPay?: Pressed;
}

/** The charge of this tab: its id names the intent. */
export interface KeptCharge {
  readonly userId: string;
  readonly id: string;
  readonly pressed?: PressedCharge;
}

/** A shopper who comes back later than this has to press again. */
export const CHARGE_MS = 5 * 60_000;

/** The charge of the user in this tab; another user, or an old press, begins a new one. */
export const chargeOf = (
  kept: KeptCharge | undefined,
  userId: string,
  now: number,
  newId: () => string,
): KeptCharge => {
  if (kept === undefined || kept.userId !== userId) return { userId, id: newId() };
  const at = kept.pressed?.at;
  // The effect of an old press is in the statement; its key must not answer a new charge.
  if (at !== undefined && (now - at >= CHARGE_MS || at > now)) return { userId, id: newId() };
  return kept;
};

/** The name of the intent of a charge. */
export const chargeName = ({ userId, id }: KeptCharge): string => `charge:${userId}:${id}`;

const PLACE = 'moa:charge';
const BY_SHOP = 'moa:charged-by-shop';

/**
 * The charge in the storage of this tab: a reload continues it, another tab charges on its own. A
 * browser that keeps nothing does not resume after a reload: what is pressed then is a new charge.
 */
export const createCharges = (storage: Pick<Storage, 'getItem' | 'setItem'>) => ({
  read: (): KeptCharge | undefined => {
    try {
      return JSON.parse(storage.getItem(PLACE) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  },
  write: (kept: KeptCharge): void => storage.setItem(PLACE, JSON.stringify(kept)),
  /** Whether this tab was told that the shop charges the wallets. */
  isByShop: (): boolean => storage.getItem(BY_SHOP) !== null,
  noteByShop: (): void => storage.setItem(BY_SHOP, 'yes'),
});
