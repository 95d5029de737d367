export { checkCheckpoint, checkLeaves, findLeafBeyond, type LogViolation } from './check-leaves.ts';
export { checkLog } from './check.ts';
export { createLogKey, findLogKey, loadLogKey } from './log-key.ts';
export { createSigner } from './note.ts';
export { TILE_WIDTH } from './tiles.ts';
