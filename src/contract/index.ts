export * from './problems.ts';
export * from './route.ts';
export * from './schemas.ts';
export * from './refusal.ts';
export * from './reply.ts';
export * from './define-command.ts';
export * from './idempotency-key.ts';
export * from './cursor.ts';
