import type { SystemSettings } from '../../src/system.ts';

/** The settings of tests by default. */
export const TEST_SETTINGS: SystemSettings = {
  currency: 'KRW',
  balanceMax: 2_000_000,
  selfCharge: true,
  reservationMs: 900_000,
  pendingMax: 10,
};
