import { CONTRACT_TYPES, contractOf, sentType } from '../src/delivery/index.ts';
import type { GeneratedFile } from './generated.ts';

/** The folder of the events' contracts. */
export const EVENT_CONTRACTS = 'contracts/events';

/** Renders the contract of each event type that is sent. */
export const renderEventContracts = (): GeneratedFile[] =>
  CONTRACT_TYPES.map((type) => ({
    path: `${EVENT_CONTRACTS}/${sentType(type)}.json`,
    content: `${JSON.stringify(contractOf(type), undefined, 2)}\n`,
  }));
