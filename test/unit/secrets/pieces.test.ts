import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { openScanner } from '../../../server/src/app/scan/openScanner.ts';
import { REACH } from '../../../server/src/core/secrets/suspectWindow.ts';
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

describe('a content that is scanned in pieces', () => {
  it('gives what it gives as a whole, at the same lines and columns, wherever it is cut', () => {
    const scanner = openScanner();
    let seen = 0;
    fc.assert(
      fc.property(content, fc.array(fc.nat(), { maxLength: 6 }), (bytes, cuts) => {
        const whole = scanner.scan('deploy/a.conf', bytes);
        seen += whole.findings.length + sightingsOf(whole.keys).length;
        const pieces = scanner.inPieces('deploy/a.conf');
        const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
        let base = 0;
        let from = 0;
        for (const to of [...ends, bytes.length]) {
          const next = Math.max(base, to - REACH.before);
          pieces.look({ bytes: bytes.subarray(base, to + REACH.after), base, from, to }, next);
          base = next;
          from = to;
        }
        const inPieces = pieces.end();
        assert.deepEqual(inPieces.findings, whole.findings);
        assert.deepEqual(sightingsOf(inPieces.keys), sightingsOf(whole.keys));
        assert.deepEqual(inPieces.skipped, whole.skipped);
      }),
      { numRuns: 60 },
    );
    assert.ok(seen > 60, `only ${seen} things were found at all`);
  });
});
