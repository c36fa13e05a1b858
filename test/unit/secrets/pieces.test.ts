import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import {
  type FileScanner,
  openScanner,
  type ScannedContent,
} from '../../../server/src/app/scan/openScanner.ts';
import { KEY_FINDERS } from '../../../server/src/core/keys/keyFinders.ts';
import { DETECTORS } from '../../../server/src/core/secrets/generated/registry.ts';
import { secretScanner } from '../../../server/src/core/secrets/scanner.ts';
import { REACH } from '../../../server/src/core/secrets/suspectWindow.ts';
import { nodeDecryptor } from '../../../server/src/platform/crypto/decryptor.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { gunzip } from '../../../server/src/platform/gunzip.ts';
import { sightingsOf } from '../../support/sightings.ts';
import { password, random } from './examples.ts';

const pem = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const publicPem = (): string =>
  generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** What stands between the secrets: long lines, characters of several octets, octets that are no text. */
const filler = fc.oneof(
  fc.nat(90_000).map((length) => Buffer.from('lorem ipsum\n'.repeat(length / 12))),
  fc.nat(90_000).map((length) => Buffer.from('ä🙂 '.repeat(length / 7))),
  fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets)),
);
const secret = fc.constantFrom(
  () => pem(),
  () => publicPem(),
  () => Buffer.from(pem()).toString('base64'),
  () => JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
  () => `\ndb_password = ${password()}\n`,
  () => `\nAuthorization: Bearer ${random(40)}\ntoken: "${random(32)}"\n`,
  () => `\npostgres://app:${password()}@db.example.com/app\n`,
);
const content = fc
  .array(fc.tuple(filler, secret), { minLength: 1, maxLength: 8 })
  .map((parts) =>
    Buffer.concat(parts.flatMap(([between, write]) => [between, Buffer.from(write()), Buffer.from('\n')])),
  );

/** With what is seen around it, such a piece is one text. */
const SHORT = 300_000;

/** `ends` of the pieces. */
function inPieces(scanner: FileScanner, bytes: Buffer, ends: readonly number[]): ScannedContent {
  const pieces = scanner.inPieces('deploy/a.conf');
  let base = 0;
  let from = 0;
  for (const to of ends) {
    const next = Math.max(base, to - REACH.before);
    pieces.look({ bytes: bytes.subarray(base, to + REACH.after), base, from, to }, next);
    base = next;
    from = to;
  }
  return pieces.end();
}

function assertSame(one: ScannedContent, other: ScannedContent): void {
  assert.deepEqual(one.findings, other.findings);
  assert.deepEqual(sightingsOf(one.keys), sightingsOf(other.keys));
  assert.deepEqual(one.skipped, other.skipped);
}

describe('a content that is scanned in pieces', () => {
  it('gives what it gives as a whole, at the same lines and columns, wherever it is cut', () => {
    const scanner = openScanner();
    let seen = 0;
    fc.assert(
      fc.property(content, fc.array(fc.nat(), { maxLength: 6 }), (bytes, cuts) => {
        const whole = scanner.scan('deploy/a.conf', bytes);
        seen += whole.findings.length + sightingsOf(whole.keys).length;
        const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
        assertSame(inPieces(scanner, bytes, [...ends, bytes.length]), whole);
      }),
      { numRuns: 60 },
    );
    assert.ok(seen > 60, `only ${seen} things were found at all`);
  });

  it('gives the same where it is so long that only what is around keywords becomes a text', () => {
    const scanner = openScanner();
    const long = Buffer.from('lorem ipsum\n'.repeat(50_000));
    fc.assert(
      fc.property(content, content, (first, second) => {
        const bytes = Buffer.concat([first, long, second, long, first]);
        const ends = Array.from({ length: Math.ceil(bytes.length / SHORT) }, (_, piece) =>
          Math.min(bytes.length, (piece + 1) * SHORT),
        );
        assertSame(inPieces(scanner, bytes, ends), scanner.scan('deploy/a.conf', bytes));
      }),
      { numRuns: 15 },
    );
  });

  it('is made into texts a few times over at most, however many keys stand in it and from however far they are seen', () => {
    let octets = 0;
    const latin1 = (bytes: Uint8Array): string => {
      octets += bytes.length;
      return Buffer.from(bytes).toString('latin1');
    };
    const tools = { hasher: nodeHasher, decryptor: nodeDecryptor, latin1, gunzip };
    const scanner = secretScanner(DETECTORS, KEY_FINDERS, tools);
    for (const [written, text] of [
      ['of public keys', publicPem()],
      ['of public keys in base64', `ca: ${Buffer.from(publicPem()).toString('base64')}\n`],
      ['of both', `${publicPem()}ca: ${Buffer.from(publicPem()).toString('base64')}\ntoken: none\n`],
    ] as const) {
      octets = 0;
      const content = Buffer.from(text.repeat(Math.ceil(3_000_000 / text.length)));
      assert.ok(scanner.scan('a.yaml', content).keys.length > 5000);
      assert.ok(octets < 10 * content.length, `${octets / content.length} times of a content ${written}`);
    }
  });
});
