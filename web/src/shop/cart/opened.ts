import { useSyncExternalStore } from 'react';

/** From this width on the cart is a drawer; see `layout.module.css`. */
const WIDE = '(min-width: 641px)';

const listeners = new Set<() => void>();
let isOpened = false;

const setOpened = (next: boolean): void => {
  isOpened = next;
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Opens the drawer where there is room for it; false on a phone, where the cart is a page. */
export const openCart = (): boolean => {
  if (!matchMedia(WIDE).matches) return false;
  setOpened(true);
  return true;
};

/** Closes the drawer of the cart. */
export const closeCart = (): void => setOpened(false);

/** Whether the drawer of the cart is open. */
export const useCartOpened = (): boolean => useSyncExternalStore(subscribe, () => isOpened);
