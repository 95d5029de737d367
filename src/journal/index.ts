export {
  createRecorder,
  defineEvolve,
  journal,
  type Event,
  type Evolve,
  type RecordedEvent,
} from './event.ts';
export { createJournalReader, type JournalReader } from './reader.ts';
export { createSettled, type Settled } from './settled.ts';
export { startTraceRetention } from './trace-retention.ts';
export {
  CursorMissing,
  carryOut,
  createSubscriber,
  type Range,
  type Subscriber,
} from './subscriber.ts';
