import { runBenchCommand } from '../command.ts';
import { comparePeers } from './compare.ts';
import { USAGE, readOptions } from './options.ts';

await runBenchCommand(USAGE, readOptions, comparePeers);
