import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { buildPath } from '../../../server/src/core/path/buildPath.ts';
import { readPathCertificate } from '../../../server/src/core/path/pathCertificate.ts';
import { readPathCrl } from '../../../server/src/core/path/revocation/pathCrl.ts';
import { readPathOcsp } from '../../../server/src/core/path/revocation/pathOcsp.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import { certificatesIn } from '../../../server/src/platform/probe/sentChain.ts';
import { authority, key, leaf as leafOf, root as rootOf } from './material.ts';

const ROUNDS = 3000;

/** One to four octets are others, or a piece is missing, doubled or put in. */
function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = randomInt(copy.length);
  switch (randomInt(4)) {
    case 0:
      for (let count = randomInt(1, 5); count > 0; count -= 1) copy[randomInt(copy.length)] = randomInt(256);
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Buffer.concat([copy.subarray(0, at), randomBytes(randomInt(1, 9)), copy.subarray(at)]);
    default:
      return Buffer.concat([copy, copy.subarray(at)]);
  }
}

describe('path validation of what was made to break it', () => {
  let leaf: Uint8Array;
  let root: Uint8Array;
  before(async () => {
    const own = await key();
    root = await rootOf('root', own);
    leaf = await leafOf('gate.example.test', 'root', own);
  });

  it('never throws and never takes a damaged certificate for a good one', () => {
    const anchor = readPathCertificate(root).value;
    assert.ok(anchor);
    const judge = (der: Uint8Array): string => {
      const { value, problems } = readPathCertificate(der);
      if (value === undefined) {
        assert.ok(problems.length > 0, 'it says why it cannot be read');
        return 'unreadable';
      }
      const inputs = { now: new Date(), verifier: nodeSignatureVerifier, profile: 'path' } as const;
      return buildPath(value, { anchors: [anchor], intermediates: [] }, inputs).verdict;
    };
    assert.equal(judge(leaf), 'valid');
    for (let round = 0; round < ROUNDS; round += 1) {
      const bytes = damaged(leaf);
      if (Buffer.from(bytes).equals(Buffer.from(leaf))) continue;
      assert.notEqual(judge(bytes), 'valid', Buffer.from(bytes).toString('hex'));
    }
  });

  it('reads lists and answers of any octets without throwing', () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const bytes = round % 2 === 0 ? damaged(leaf) : randomBytes(randomInt(1, 400));
      certificatesIn(bytes);
      for (const read of [readPathCrl, readPathOcsp, readPathCertificate]) {
        const { value, problems } = read(bytes);
        assert.ok(value !== undefined || problems.length > 0);
      }
    }
  });

  it('judges an authority for itself where a copy of it names another algorithm outside of what is signed', async () => {
    const [top, sub] = [await key(), await key()];
    const anchor = readPathCertificate(await rootOf('top', top)).value;
    const below = await authority('sub', sub, 'top', top);
    const end = readPathCertificate(await leafOf('gate.example.test', 'sub', sub)).value;
    // ecdsa-with-SHA256 becomes ecdsa-with-SHA384 where it stands last.
    const other = Buffer.from(below);
    const oid = Buffer.from('06082a8648ce3d040302', 'hex');
    other[other.lastIndexOf(oid) + oid.length - 1] = 3;
    const intermediates = [other, below].flatMap((der) => readPathCertificate(der).value ?? []);
    assert.ok(anchor && end && intermediates.length === 2);
    const inputs = { now: new Date(), verifier: nodeSignatureVerifier, profile: 'path' } as const;
    assert.equal(buildPath(end, { anchors: [anchor], intermediates }, inputs).verdict, 'valid');
  });

  it('gives up where more is nested, longer or crossed than anybody needs', async () => {
    const deep = Buffer.concat(Array.from({ length: 5000 }, () => Buffer.from([0x30, 0x80])));
    assert.equal(readPathCertificate(deep).value, undefined);
    // Authorities that all certify each other: every order of them is a path.
    const names = Array.from({ length: 12 }, (_, index) => `ring ${index}`);
    const keys = await Promise.all(names.map(key));
    const pairs = names.flatMap((_, own) =>
      names.flatMap((__, by) => (own === by ? [] : [[own, by] as const])),
    );
    const crossed = await Promise.all(
      pairs.map(([own, by]) => authority(names[own] ?? '', at(keys, own), names[by] ?? '', at(keys, by))),
    );
    const certificates = crossed.flatMap((der) => readPathCertificate(der).value ?? []);
    const [first] = certificates;
    const anchor = readPathCertificate(root).value;
    assert.ok(first && anchor);
    const inputs = { now: new Date(), verifier: nodeSignatureVerifier, profile: 'path' } as const;
    const verdict = buildPath(first, { anchors: [anchor], intermediates: certificates }, inputs);
    assert.equal(verdict.verdict, 'cannot-tell');
  });
});

function at<T>(list: readonly T[], place: number): T {
  const one = list[place];
  assert.ok(one);
  return one;
}
