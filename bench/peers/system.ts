import type { Report } from '../report.ts';
import type { SubjectName } from '../scenario.ts';
import type { PeerScenario } from './peer.ts';
import type { StockRow } from './stock.ts';

/** Moa or a peer, filled and running. */
export interface System {
  readonly subject: SubjectName;
  readonly version: string;
  readonly requestsPerOrder: number;
  /** The numbers of connections that are tried. */
  readonly connections: readonly number[];
  readonly also: string;
  readonly measure: (
    scenario: PeerScenario,
    connections: number,
    seconds: number,
  ) => Promise<Report>;
  /** The units of each product, after the last order. */
  readonly readStock: () => Promise<StockRow[]>;
  readonly stop: () => Promise<void>;
}

/** What systems share: the size of a shop, and where they write. */
export interface Size {
  /** The number of products, and of buyers. */
  readonly products: number;
  /** Units of each product. */
  readonly stock: number;
}
