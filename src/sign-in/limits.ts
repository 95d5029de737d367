/** How many requests one address of the network may send in `window` seconds. */
export interface AddressLimit {
  readonly window: number;
  readonly max: number;
}

/** A shared office signs in, a list of passwords takes years. */
const PER_MINUTE: AddressLimit = { window: 60, max: 10 };

/** By the library's path. */
export const LIMITS: Readonly<Record<string, AddressLimit>> = {
  '/sign-in/email': PER_MINUTE,
  '/sign-in/social': PER_MINUTE,
  '/sign-up/email': PER_MINUTE,
  '/change-password': PER_MINUTE,
  '/demo': { window: 60, max: 60 },
};

/** Of every other path. */
export const USUAL_LIMIT: AddressLimit = { window: 10, max: 100 };

/** The limit of a path below `/auth`. */
export const limitOf = (path: string): AddressLimit => LIMITS[path] ?? USUAL_LIMIT;
