import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { gathering } from '../../../server/src/app/scan/gathered.ts';
import { openScanner } from '../../../server/src/app/scan/openScanner.ts';
import { type KeyPack, packKeys, somePacked } from '../../../server/src/core/keys/keyPack.ts';
import type { FoundKey } from '../../../server/src/core/keys/keySighting.ts';
import { keysOfDer } from '../../../server/src/core/keys/keysOfDer.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { sightingsOf } from '../../support/sightings.ts';

const certificates = rootCertificates.slice(0, 12).map((pem) => new X509Certificate(pem));
const spki = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
const plain: FoundKey = {
  said: { form: 'jwk', what: 'a JSON Web Key', algorithm: 'Ed25519', subject: 'one' },
  spki,
  start: 0,
  end: 1,
};
const keys: readonly FoundKey[] = [
  plain,
  ...certificates.flatMap(({ raw }) =>
    keysOfDer(raw, nodeHasher).map((key) => ({ ...key, start: 0, end: 1 })),
  ),
];

function packOf(file: string, some: readonly FoundKey[]): KeyPack {
  const ranges = some.map((_, line) => ({
    start: { line, character: 2 },
    end: { line: line + 1, character: 3 },
  }));
  return packKeys(file, some, ranges, nodeHasher);
}

describe('Keys that are packed', () => {
  it('say what was said of them, and what their certificates say', () => {
    const [first, ...others] = sightingsOf([packOf('a.pem', keys)]);
    assert.deepEqual(
      [first?.form, first?.subject, first?.spki, first?.range.start.line],
      ['jwk', 'one', spki.toString('base64'), 0],
    );
    for (const [index, certificate] of certificates.entries()) {
      const key = others[index];
      assert.equal(key?.file, 'a.pem');
      assert.equal(key?.fingerprintSha256, certificate.fingerprint256.replaceAll(':', '').toLowerCase());
      assert.equal(
        key?.spki,
        certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      );
      assert.equal(Date.parse(key?.notAfter ?? ''), Date.parse(certificate.validTo));
      assert.deepEqual(key?.range, {
        start: { line: index + 1, character: 2 },
        end: { line: index + 2, character: 3 },
      });
    }
  });

  it('are the same when some of them are taken, and on the other side of a thread', () => {
    const pack = packOf('a.pem', keys);
    const all = sightingsOf([pack]);
    const some = fc.uniqueArray(fc.nat(keys.length - 1));
    fc.assert(
      fc.property(some, (indexes) => {
        const taken = somePacked(structuredClone(pack), indexes, nodeHasher);
        assert.deepEqual(
          sightingsOf([taken]),
          indexes.map((index) => all[index]),
        );
      }),
    );
  });

  it('of versions of a file count once, those of the first version, in whatever order they come', () => {
    const scanner = openScanner();
    const versions = [[0, 1, 1], [1, 2], [2, 3, 0], [4]].map((indexes) =>
      scanner.scan('a.pem', Buffer.from(indexes.map((index) => `${rootCertificates[index]}\n`).join(''))),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
        const gathered = gathering({ keysOnce: true });
        for (const place of order) gathered.add(place, versions[place] ?? assert.fail(), 1, false);
        const found = sightingsOf(gathered.end().keys).map(({ spkiSha256, range }) => [
          spkiSha256,
          range.start.line,
        ]);
        const [first = [], second = [], third = [], last = []] = versions.map(({ keys: packs }) =>
          sightingsOf(packs).map(({ spkiSha256, range }) => [spkiSha256, range.start.line]),
        );
        assert.deepEqual(found, [first[0], first[1], second[1], third[1], ...last]);
      }),
    );
  });
});
