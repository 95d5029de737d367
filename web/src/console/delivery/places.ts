/** The destinations that the environment of the service sets up. */
const OF_ENVIRONMENT = new Set([
  '00000000-0000-8000-8000-000000000001',
  '00000000-0000-8000-8000-000000000002',
]);

/** Whether the address of a destination comes from the environment of the service. */
export const isOfEnvironment = (destinationId: string): boolean =>
  OF_ENVIRONMENT.has(destinationId);

/** Moa counts each kind of unsent event up to this number. */
const COUNTED_MAX = 100_000;

/** Unsent events; `100,000+` where Moa stopped counting. */
export const pendingText = (pending: number, number: (value: number) => string): string =>
  pending >= COUNTED_MAX ? `${number(pending)}+` : number(pending);
