type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface SafeStorage extends Omit<Storage, 'setItem'> {
  /** Returns whether the browser has kept it. */
  readonly setItem: (name: string, value: string) => boolean;
}

/**
 * A storage of the browser that never throws. Once it is found to be full or blocked, all that is
 * written lasts as long as the page, so that no press is kept without its key.
 */
export const safeStorage = (open: () => Storage): SafeStorage => {
  const unkept = new Map<string, string>();
  let keeps = true;
  const removeKept = (name: string): void => {
    try {
      open().removeItem(name);
    } catch {
      // A blocked storage has nothing to remove.
    }
  };
  return {
    getItem: (name) => {
      try {
        return unkept.get(name) ?? open().getItem(name);
      } catch {
        return null;
      }
    },
    setItem: (name, value) => {
      try {
        if (keeps) open().setItem(name, value);
      } catch {
        keeps = false;
      }
      if (keeps) return true;
      unkept.set(name, value);
      // The next page would take an older value for this one.
      removeKept(name);
      return false;
    },
    removeItem: (name) => {
      unkept.delete(name);
      removeKept(name);
    },
  };
};

/** What this browser keeps, in all tabs. */
export const inBrowser = safeStorage(() => localStorage);

/** What this tab keeps, also after a reload. */
export const inTab = safeStorage(() => sessionStorage);
