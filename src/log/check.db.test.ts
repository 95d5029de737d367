import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { createTestLog } from '../../test/support/test-log.ts';
import { checkInvariants } from '../audit/audit.ts';
import { checkLog } from './check.ts';
import { createLogKey } from './log-key.ts';
import { createSigner } from './note.ts';
import { signCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT } from './merkle.ts';

/** More than a full tile and a part of the next. */
const EVENTS = 270;
const MANY = 1_000;

/** The violations after a change that is then undone. */
const violationsAfter = async (client: Client, change: string): Promise<string[]> => {
  await client.query('begin');
  try {
    await client.query(change);
    return await checkLog(client, MANY);
  } finally {
    await client.query('rollback');
  }
};

test('an event that was changed, removed or inserted is named', async () => {
  const { client, eventIds } = await createTestLog(EVENTS);
  const { rows } = await client.query<{ position: string }>(
    'select position from journal.events order by position',
  );
  const at = (leaf: number): number => Number(rows[leaf]?.position);
  const named = (leaf: number): string =>
    `leaf ${leaf}: event ${eventIds[leaf]} at position ${at(leaf)}`;
  const other = '0197a3c0-5d00-7000-8000-00000000000f';
  const where = (leaf: number): string => `where position = ${at(leaf)}`;
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      `update journal.events set data = replace(data::text, '5', '6')::json ${where(5)}`,
      [`${named(5)} is not as it was logged`],
    ],
    [
      `update journal.events set data = (data::text || ' ')::json ${where(6)}`,
      [`${named(6)} is not as it was logged`],
    ],
    [
      `update journal.events set time = time + interval '1 millisecond' ${where(0)}`,
      [`${named(0)} is not as it was logged`],
    ],
    [
      `update journal.events set subject = 'x' ${where(269)}`,
      [`${named(269)} is not as it was logged`],
    ],
    [
      `update journal.events set type = 'x.v1' ${where(255)}`,
      [`${named(255)} is not as it was logged`],
    ],
    [
      `update journal.events set event_id = '${other}' ${where(256)}`,
      [`${named(256)} was replaced by event ${other}`],
    ],
    [`delete from journal.events ${where(7)}`, [`${named(7)} was removed from the journal`]],
    [
      `insert into journal.events overriding system value
       select -1, '${other}', type, subject, time, data from journal.events ${where(1)}`,
      [`event ${other} at position -1 has no leaf`],
    ],
    [
      `delete from log.leaves where leaf_index = 3`,
      [`event ${eventIds[3]} at position ${at(3)} has no leaf`, 'leaf 3 is missing'],
    ],
  ];
  for (const [change, expected] of cases) {
    expect(await violationsAfter(client, change)).toEqual(expected);
  }
  expect(await checkLog(client, MANY)).toEqual([]);
});

test('events that change places are named', async () => {
  const { client } = await createTestLog(4);
  const swap = `update journal.events e set (event_id, time, subject, data) =
    (select event_id, time, subject, data from journal.events o where o.position = 5 - e.position)`;
  expect(await violationsAfter(client, swap)).toHaveLength(4);
  // The leaves follow the swapped events, so only the hashes show the change.
  const follow = `${swap}; alter table log.leaves drop constraint event_has_one_leaf;
    update log.leaves l set event_id = (select event_id from journal.events e
      where e.position = l.position)`;
  expect((await violationsAfter(client, follow)).join()).toContain('is not as it was logged');
});

test('one changed byte of any leaf or node is found', async () => {
  const { client } = await createTestLog(EVENTS);
  const { rows } = await client.query<{ level: number; tile_index: string; count: number }>(
    'select level, tile_index, octet_length(hashes) / 32 as count from log.tiles order by 1, 2',
  );
  expect(rows.map(({ level, count }) => [level, count])).toEqual([
    [0, 256],
    [0, 14],
    [1, 1],
  ]);
  for (const { level, tile_index: index, count } of rows) {
    for (let hash = 0; hash < count; hash++) {
      const byte = hash * 32 + ((hash * 7) % 32);
      const change = `update log.tiles
        set hashes = set_byte(hashes, ${byte}, get_byte(hashes, ${byte}) # 1)
        where level = ${level} and tile_index = ${index}`;
      const violations = await violationsAfter(client, change);
      const name =
        level === 0
          ? `leaf ${Number(index) * 256 + hash}:`
          : `tile ${level}/${index}: hash ${hash} `;
      expect(violations.filter((each) => each.startsWith(name))).toHaveLength(1);
      if (level === 0)
        expect(violations).toContain(`the checkpoint of ${EVENTS} leaves has another root`);
    }
  }
});

test('a tile that is missing or too short is found', async () => {
  const { client } = await createTestLog(EVENTS);
  const changes = [
    'delete from log.tiles where level = 0 and tile_index = 0',
    'delete from log.tiles where level = 1',
    'update log.tiles set hashes = substr(hashes, 1, 32) where level = 0 and tile_index = 1',
  ];
  for (const change of changes) {
    expect((await violationsAfter(client, change)).length).toBeGreaterThan(0);
  }
});

test('a checkpoint that is changed, signed by another key or missing is found', async () => {
  const { client, signer } = await createTestLog(9);
  const { verifier } = await signer();
  const foreign = createSigner('shop.example', createLogKey());
  const empty = signCheckpoint(await signer(), { size: 0, root: EMPTY_ROOT });
  const another = signCheckpoint(await signer(), { size: 9, root: EMPTY_ROOT });
  const cases: readonly (readonly [string, string])[] = [
    [`update log.checkpoint set root = sha256(root)`, 'has another root'],
    [`update log.checkpoint set note = replace(note, '9', '8')`, 'is not signed by'],
    [`update log.checkpoint set verifier_key = '${foreign.verifier.text}'`, 'is not signed by'],
    [`update log.checkpoint set note = '${empty}'`, `is not signed by ${verifier.text}`],
    [`update log.checkpoint set note = '${another}'`, `is not signed by ${verifier.text}`],
    [`update log.checkpoint set tree_size = 8`, 'has another root'],
    [`delete from log.checkpoint`, 'there is no checkpoint of 9 leaves'],
  ];
  for (const [change, violation] of cases) {
    expect((await violationsAfter(client, change)).join()).toContain(violation);
  }
});

test('the audit reports the violations of the log', async () => {
  const { client, pool } = await createTestLog(4);
  await client.query("update journal.events set subject = 'x' where position = 2");
  const findings = await checkInvariants(pool);
  expect(findings.find(({ invariant }) => invariant === 'L1')?.violations).toHaveLength(1);
});
