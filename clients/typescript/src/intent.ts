/** Where keys of intents are kept; its functions may answer at once or later. */
export interface IntentStore {
  readonly get: (name: string) => string | undefined | Promise<string | undefined>;
  readonly set: (name: string, key: string) => void | Promise<void>;
  readonly remove: (name: string) => void | Promise<void>;
}

/** One intended effect, whose every request has the same key, also after a reload. */
export interface Intent {
  readonly name: string;
  /** The key, made when the intent was made, or kept from before. */
  readonly key: () => Promise<string>;
  /** Forgets the key: the next intent of the name is a new one. */
  readonly done: () => Promise<void>;
}

const KEY_BYTES = 16;

/** A key that no other client makes: 128 random bits. Pages without HTTPS can make it, too. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** A store that lasts as long as the program. */
export const storeInMemory = (): IntentStore => {
  const keys = new Map<string, string>();
  return {
    get: (name) => keys.get(name),
    set: (name, key) => void keys.set(name, key),
    remove: (name) => void keys.delete(name),
  };
};

/** The part of the Web Storage API that a store needs. */
interface WebStorage {
  readonly getItem: (name: string) => string | null;
  readonly setItem: (name: string, value: string) => void;
  readonly removeItem: (name: string) => void;
}

/** A store in `sessionStorage`, which outlasts a reload of the page, or in `localStorage`. */
export const storeIn = (storage: WebStorage): IntentStore => ({
  get: (name) => storage.getItem(`moa:intent:${name}`) ?? undefined,
  set: (name, key) => storage.setItem(`moa:intent:${name}`, key),
  remove: (name) => storage.removeItem(`moa:intent:${name}`),
});

const findOrMake = async (store: IntentStore, name: string): Promise<string> => {
  const kept = await store.get(name);
  if (kept !== undefined) return kept;
  const key = newKey();
  // Kept before it is sent: a reload between the two sends the same key.
  await store.set(name, key);
  return key;
};

/** Intents by name; those of the same name share a key until one of them is done. */
export const createIntents = (store: IntentStore): ((name: string) => Intent) => {
  const open = new Map<string, Promise<string>>();
  const keyOf = (name: string): Promise<string> => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const key = findOrMake(store, name);
    open.set(name, key);
    // A store that failed is asked again by the next intent.
    key.catch(() => open.delete(name));
    return key;
  };
  return (name) => {
    const key = keyOf(name);
    return {
      name,
      key: () => key,
      done: async () => {
        // An intent of the same name that was made after this one was done keeps its key.
        if (open.get(name) !== key) return;
        open.delete(name);
        await store.remove(name);
      },
    };
  };
};
