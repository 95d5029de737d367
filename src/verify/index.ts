export { createOwnDatabase } from './database.ts';
export { Interrupted, VerifyFault } from './fault.ts';
export { type CheckResult, type Violation } from './findings.ts';
export { createProcesses } from './processes.ts';
export { verify, type Progress, type Verdict } from './verify.ts';
