import type { SystemSettings } from '../../src/system.ts';

/** A shop as the tests want it, where they do not say otherwise. */
export const TEST_SETTINGS: SystemSettings = {
  currency: 'KRW',
  balanceMax: 2_000_000,
  selfCharge: true,
  reservationMs: 900_000,
  pendingMax: 10,
};
