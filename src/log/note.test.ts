import { expect, test } from 'vitest';
import { openCheckpoint, parseVerifierKey } from '../receipt/index.ts';
import { signCheckpoint } from './checkpoint.ts';
import { createLogKey } from './log-key.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { createSigner } from './note.ts';

/** The example of Go's package `golang.org/x/mod/sumdb/note`. */
const KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n";
const SIGNATURE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

test('a note that Go has signed is opened', async () => {
  const verifier = await parseVerifierKey(KEY);
  expect(verifier).toMatchObject({ name: 'PeterNeumann', text: KEY });
  expect(await verifier?.open(`${TEXT}\n${SIGNATURE}`)).toBe(TEXT);
  const unknown =
    '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
  expect(await verifier?.open(`${TEXT}\n${unknown}${SIGNATURE}`)).toBe(TEXT);
});

test('a changed text, signature or key name opens nothing', async () => {
  const verifier = (await parseVerifierKey(KEY))!;
  const notes = [
    `${TEXT.replace('think', 'thinx')}\n${SIGNATURE}`,
    `${TEXT}\n${SIGNATURE.replace('wJnA', 'wJnB')}`,
    `${TEXT}\n${SIGNATURE.replace('Peter', 'Petra')}`,
    `${TEXT}\n${SIGNATURE}${SIGNATURE.replace('wJnA', 'wJnB')}`,
    `${TEXT}${SIGNATURE}`,
    `${TEXT}\n${SIGNATURE.replace('M=', 'N=')}`,
    `${TEXT}\n${SIGNATURE}`.slice(0, -1),
    TEXT,
    '',
  ];
  expect(await Promise.all(notes.map((note) => verifier.open(note)))).toEqual(
    notes.map(() => undefined),
  );
});

test('what is not a verifier key is rejected, also a mistyped one', async () => {
  const texts = [
    KEY.replace('c74f', 'c74e'),
    KEY.replace('ARpc', 'ARpd'),
    KEY.slice(0, -2),
    '',
    'a+b+c',
  ];
  expect(await Promise.all(texts.map(parseVerifierKey))).toEqual(texts.map(() => undefined));
});

test('a checkpoint is read as it was signed', async () => {
  const signer = createSigner('shop.example', createLogKey());
  const verifier = (await parseVerifierKey(signer.verifier.text))!;
  const note = signCheckpoint(signer, { size: 0, root: EMPTY_ROOT });
  expect(note.split('\n').slice(0, 3)).toEqual([
    'shop.example',
    '0',
    '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  ]);
  const head = { origin: 'shop.example', size: 0, root: Uint8Array.from(EMPTY_ROOT) };
  expect(await openCheckpoint(note, verifier)).toEqual(head);
  const root = EMPTY_ROOT.toString('base64');
  const texts = [
    `other.example\n0\n${root}\n`,
    `shop.example\n00\n${root}\n`,
    `shop.example\n-1\n${root}\n`,
    `shop.example\n9999999999999999\n${root}\n`,
    `shop.example\n0\n${root.slice(4)}\n`,
    'shop.example\n0\n',
  ];
  const opened = texts.map((text) => openCheckpoint(signer.sign(text), verifier));
  expect(await Promise.all(opened)).toEqual(texts.map(() => undefined));
  expect(await openCheckpoint(signer.sign(`shop.example\n0\n${root}\nmore\n`), verifier)).toEqual(
    head,
  );
});

test('a name with a space or a plus cannot sign', () => {
  for (const name of ['', 'a b', 'a+b', 'a\u2003b']) {
    expect(() => createSigner(name, createLogKey())).toThrow('cannot name a key');
  }
});
