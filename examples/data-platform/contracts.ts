import { readFile, readdir } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Event } from './store.ts';

const FOLDER = new URL('../../contracts/events/', import.meta.url);

const text = { type: 'string', minLength: 1 };

/** The envelope of every CloudEvent of Moa, including types that are added later. */
const BATCH = {
  type: 'array',
  items: {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'sequence', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: text,
      source: text,
      type: text,
      subject: text,
      time: { type: 'string', format: 'date-time' },
      sequence: text,
      data: { type: 'object' },
    },
  },
};

/** Events that match their contracts, or the error of the first event that does not. */
export type Checked = { readonly events: readonly Event[] } | { readonly complaint: string };

/** Reads the published contracts and returns a function that checks a batch against them. */
export const readContracts = async (): Promise<(batch: unknown) => Checked> => {
  const ajv = new Ajv2020({
    formats: { 'date-time': (time: string) => new Date(time).toJSON() === time },
  });
  const isBatch = ajv.compile<Event[]>(BATCH);
  const contracts = new Map<string, ValidateFunction>();
  for (const file of await readdir(FOLDER)) {
    const contract = JSON.parse(await readFile(new URL(file, FOLDER), 'utf8')) as object;
    contracts.set(file.replace(/\.json$/, ''), ajv.compile(contract));
  }
  return (batch) => {
    if (!isBatch(batch)) return { complaint: ajv.errorsText(isBatch.errors) };
    for (const [index, event] of batch.entries()) {
      const check = contracts.get(event.type);
      if (check !== undefined && !check(event)) {
        return { complaint: ajv.errorsText(check.errors, { dataVar: `data/${index}` }) };
      }
    }
    return { events: batch };
  };
};
