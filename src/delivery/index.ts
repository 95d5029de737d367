export { toSequence } from './cloud-event.ts';
export { Sequence } from './event-routes.ts';
export { readBacklogs, type Backlog } from './backlogs.ts';
export type { ConfiguredDestination } from './configured-destinations.ts';
export { startDelivery, type Delivery, type DeliveryOptions } from './delivery.ts';
export { errorsIn } from './destination.ts';
export { CONTRACT_TYPES, contractOf } from './event-contracts.ts';
export { sentType } from './event-types.ts';
