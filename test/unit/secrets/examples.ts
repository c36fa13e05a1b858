import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import type { Detection, Detector } from '../../../server/src/core/secrets/detector.ts';
import { DETECTORS } from '../../../server/src/core/secrets/generated/registry.ts';
import { secretScanner } from '../../../server/src/core/secrets/scanner.ts';
import { nodeDecryptor } from '../../../server/src/platform/crypto/decryptor.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { gunzip } from '../../../server/src/platform/gunzip.ts';

export const scanTools = {
  hasher: nodeHasher,
  decryptor: nodeDecryptor,
  latin1: (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1'),
  gunzip,
};
// Without letters of which words could come about that stand for a value, such as `key` or `todo`.
const LETTERS = 'ABCDEFGHJLMNPQRUVWYZabcdefghijlmnpqruvwyz';

const SIGNS = `${LETTERS}23456789`;

/** Random letters and digits; of these a digit, a small letter and a capital are always there. */
export function random(length: number, signs = SIGNS): string {
  for (;;) {
    const made = Array.from({ length }, () => signs[randomInt(signs.length)]).join('');
    const isMixed = /[2-9]/.test(made) && /[a-z]/.test(made) && /[A-Z]/.test(made);
    // What is short might look like a name.
    const vowels = made.match(/[aeiu]/gi)?.length ?? 0;
    const isName = length <= 40 && (vowels > 2 || /[a-z]{4}|[A-Z]{4}/.test(made));
    if (signs !== SIGNS || length < 3 || (isMixed && !isName)) return made;
  }
}

/** Random octets, written so that no word that stands for a value came about, and with letters of both sizes. */
export function octets(count: number, encoding: 'base64' | 'base64url' | 'hex' = 'base64'): string {
  for (;;) {
    const made = randomBytes(count).toString(encoding);
    const isMixed = encoding === 'hex' || (/[A-Z]/.test(made) && /[a-z]/.test(made) && /[0-9]/.test(made));
    if (isMixed && !/todo|fake|your|x{4}|dummy|sample|1234567|0{7}|key|test|word/i.test(made)) return made;
  }
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** As a person chooses one: eight to twelve signs. */
export const password = (): string => `Kq${random(4)}7w${random(4)}`;

/** Six digits that are no row and no repetition. */
export const pin = (): string => `7${randomInt(10)}2${randomInt(10)}93`;

/** With all detectors, as a scan has them: the rule and what it marks. */
export function foundIn(
  path: string,
  text: string,
  detectors: readonly Detector[] = DETECTORS,
): readonly string[] {
  const bytes = Buffer.from(text, 'latin1');
  return secretScanner(detectors, [], scanTools)
    .scan(path, bytes)
    .found.map(({ rule, start, end }) => `${rule.id} ${bytes.toString('latin1', start, end)}`);
}

/** As `foundIn`, with all that is known of each. */
export function detectionsIn(path: string, text: string): readonly Detection[] {
  return detectionsInOctets(path, Buffer.from(text, 'latin1'));
}

export function detectionsInOctets(path: string, bytes: Uint8Array): readonly Detection[] {
  return secretScanner(DETECTORS, [], scanTools).scan(path, bytes).found;
}

/** `write` is given a secret and gives the file around it. */
export function finds(
  rule: string,
  examples: readonly (readonly [path: string, secret: string, write: (secret: string) => string])[],
) {
  for (const [path, secret, write] of examples)
    assert.deepEqual(foundIn(path, write(secret)), [`${rule} ${secret}`], `${path}: ${write('<secret>')}`);
}

/** Nothing is found in them, by any detector. */
export function leavesAlone(examples: readonly (readonly [path: string, text: string])[]): void {
  for (const [path, text] of examples) assert.deepEqual(foundIn(path, text), [], `${path}: ${text}`);
}
