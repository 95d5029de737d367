import type { SystemSettings } from '../../src/system.ts';

/** The settings of tests by default. */
export const TEST_SETTINGS: SystemSettings = {
  currency: 'KRW',
  timeZone: 'Asia/Seoul',
  balanceMax: 2_000_000,
  selfCharge: true,
  reservationMs: 900_000,
  pendingMax: 10,
};

/** The origin of events in tests that turn rows into events themselves. */
export const TEST_ORIGIN = { source: '/moa/test', publicUrl: 'http://moa.example' };
