/** What it costs to look for secrets in an open file, in the process itself: a first look, and an edit after it. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { octetText } from '../../server/src/app/scan/octetText.ts';
import { openScanner } from '../../server/src/app/scan/openScanner.ts';
import { REPOSITORY } from '../support/idac.ts';
import type { Figures } from './measurements.ts';

const SIZE = 40 * 1024;
const LOOKS = 200;
const EDITS = 2_000;

export const TYPED_TEXTS = ['source', 'source with a key', 'keys', 'passwords'] as const;

function textOf(which: (typeof TYPED_TEXTS)[number]): string {
  const source = (): string =>
    ['server/src/app/openProject.ts', 'server/src/lsp/projects.ts', 'server/src/lsp/session.ts']
      .map((file) => readFileSync(path.join(REPOSITORY, file), 'utf8'))
      .join('\n');
  const key = (): string =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;
  switch (which) {
    case 'source':
      return source();
    case 'source with a key':
      return `${source().slice(0, SIZE / 2)}\n${key()}\n${source().slice(SIZE / 2, SIZE - 3_000)}`;
    case 'keys':
      return Array.from({ length: SIZE / 1_750 }, (_, place) => `key-${place}: |\n${key()}`).join('\n');
    case 'passwords':
      return Array.from(
        { length: SIZE / 58 },
        (_, place) => `SERVICE_${place}_PASSWORD=Kq${place}xw7Zp93dLm\nSERVICE_${place}_NAME=s${place}`,
      ).join('\n');
    default:
      return which satisfies never;
  }
}

export function typedSecrets(which: (typeof TYPED_TEXTS)[number]): Figures {
  const scanner = openScanner();
  const original = textOf(which).slice(0, SIZE);
  const file = which === 'passwords' ? '.env' : 'notes.txt';
  const looks: number[] = [];
  let found = 0;
  for (let left = LOOKS; left > 0; left -= 1) {
    const began = performance.now();
    found = scanner.scan(file, Buffer.from(original)).findings.length;
    looks.push(performance.now() - began);
  }
  const text = octetText(original);
  const followed = scanner.follow(file);
  finish(followed.read(text.bytes()));
  finish(followed.judge(text.bytes()));
  const middle = Math.floor(original.split('\n').length / 2);
  const edits: number[] = [];
  for (let left = EDITS; left > 0; left -= 1) {
    const began = performance.now();
    const at = { line: middle + (left % 40), character: 3 };
    // A letter, and the letter taken back.
    const end = { ...at, character: left % 2 === 0 ? 3 : 4 };
    const { start, end: until, length } = text.edit({ start: at, end }, left % 2 === 0 ? 'a' : '');
    followed.edited(start, until, length, text.bytes());
    scanner.saidOf(file, finish(followed.judge(text.bytes())), (each) => text.rangeOf(each.start, each.end));
    edits.push(performance.now() - began);
  }
  return {
    bytes: original.length,
    'secrets in it': found,
    'all of it, median, ms': quantile(looks, 0.5),
    'all of it, p95': quantile(looks, 0.95),
    'an edit, median, ms': quantile(edits, 0.5),
    'an edit, p95': quantile(edits, 0.95),
  };
}

function finish<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

function quantile(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length * share)] ?? Number.NaN;
}
