import { refuse, type Refused } from '../commit/index.ts';
import { invalidAt, type Refusal } from '../contract/index.ts';
import { findExcess, type Item } from './quote.ts';
import { QUANTITY_MAX } from './schemas.ts';

/** Refuses more units of one product in several lines of a request than one line may have. */
export const refuseExcess = (items: readonly Item[]): Refused<Refusal> | undefined => {
  const index = findExcess(items, QUANTITY_MAX);
  if (index === undefined) return undefined;
  const message = `must be at most ${QUANTITY_MAX} together with the other lines of this product`;
  return refuse(invalidAt(`/items/${index}/quantity`, message));
};
