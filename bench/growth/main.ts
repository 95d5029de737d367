import { runBenchCommand } from '../command.ts';
import { measureGrowth } from './growth.ts';
import { USAGE, readOptions } from './options.ts';

await runBenchCommand(USAGE, readOptions, measureGrowth);
