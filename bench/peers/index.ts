import type { PeerName } from '../scenario.ts';
import { medusa } from './medusa.ts';
import type { Peer } from './peer.ts';
import { vendure } from './vendure.ts';

/** The most used open-source headless back ends on Node.js and PostgreSQL. */
export const PEERS: Readonly<Record<PeerName, Peer>> = { Medusa: medusa, Vendure: vendure };
