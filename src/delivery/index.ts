export { readBacklogs, type Backlog } from './backlogs.ts';
export type { ConfiguredDestination } from './configured-destinations.ts';
export { startDelivery, type Delivery, type DeliveryOptions } from './delivery.ts';
export { errorsIn } from './destination.ts';
export { toSequence } from './events/cloud-event.ts';
export { CONTRACT_TYPES, contractOf } from './events/contracts.ts';
export { sentType } from './events/types.ts';
export { Sequence } from './routes/events.ts';
