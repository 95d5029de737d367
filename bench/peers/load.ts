import { operate } from '../operate.ts';
import type { Accounted } from '../processor.ts';
import type { Report } from '../report.ts';
import type { PeerName } from '../scenario.ts';
import { serve } from '../worker.ts';
import { PEERS } from './index.ts';
import { beginOrder, type PeerScenario, type PeerShop } from './peer.ts';

/** A measurement of a peer that the load process carries out. */
export interface PeerLoad {
  readonly peer: PeerName;
  readonly scenario: PeerScenario;
  readonly shop: PeerShop;
  readonly connections: number;
  readonly seconds: number;
  readonly accounted: Accounted;
}

const measure = ({ peer, scenario, shop, ...load }: PeerLoad): Promise<Report> =>
  operate({ ...load, url: shop.url, begin: beginOrder(PEERS[peer], shop, scenario) });

serve(measure);
