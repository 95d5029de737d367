import { EVENT_TYPES, TYPE_PREFIX, contractOf } from '../src/delivery/index.ts';
import type { GeneratedFile } from './generated.ts';

/** Where the contracts of the events are. */
export const EVENT_CONTRACTS = 'contracts/events';

/** The contract of each type of event that is sent. */
export const renderEventContracts = (): GeneratedFile[] =>
  EVENT_TYPES.map((type) => ({
    path: `${EVENT_CONTRACTS}/${TYPE_PREFIX}${type}.json`,
    content: `${JSON.stringify(contractOf(type), undefined, 2)}\n`,
  }));
