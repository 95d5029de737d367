import { EVENT_TYPES, TYPE_PREFIX, contractOf } from '../src/delivery/index.ts';
import type { GeneratedFile } from './generated.ts';

/** The folder of the events' contracts. */
export const EVENT_CONTRACTS = 'contracts/events';

/** Renders the contract of each sent event type. */
export const renderEventContracts = (): GeneratedFile[] =>
  EVENT_TYPES.map((type) => ({
    path: `${EVENT_CONTRACTS}/${TYPE_PREFIX}${type}.json`,
    content: `${JSON.stringify(contractOf(type), undefined, 2)}\n`,
  }));
