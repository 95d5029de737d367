export type { ConfiguredDestination } from './configured-destinations.ts';
export { startDelivery, type Delivery, type DeliveryOptions } from './delivery.ts';
export { errorsIn } from './destination.ts';
export { EVENT_TYPES, TYPE_PREFIX, contractOf } from './events.ts';
