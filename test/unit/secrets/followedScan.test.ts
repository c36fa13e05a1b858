import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { DETECTORS } from '../../../server/src/core/secrets/generated/registry.ts';
import { secretScanner } from '../../../server/src/core/secrets/scanner.ts';
import { octets, password, random, scanTools } from './examples.ts';

const scanner = secretScanner(DETECTORS, [], scanTools);
const PATHS = [
  'vault/unseal_key.txt',
  '.pgpass',
  'deploy/values.yaml',
  '.env',
  'notes.txt',
  'ca.json',
  'main.tf',
];

/** Texts that hold secrets of every reach, some of which only count when nothing heavier stands there. */
function pieces(): readonly string[] {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const escaped = JSON.stringify(privateKey);
  return [
    privateKey,
    `key: ${escaped}\n`,
    `tls.key: ${Buffer.from(privateKey).toString('base64')}\n`,
    `DB_PASSWORD=${password()}\n`,
    `token: gh${'p'}_${random(36)}\n`,
    `VAULT_TOKEN="hv${'s'}.${random(24)}"\n`,
    `postgres://app:${password()}@db.example.com/app\n`,
    `secret_id = "${octets(16, 'hex')}"\n`,
    `{"kty":"EC","crv":"P-256","d":"${octets(32, 'base64url')}"}\n`,
    'kind: Secret\napiVersion: v1\ndata:\n  password: ',
    `${octets(12)}\n`,
    'password: changeme\n',
    '-----BEGIN ',
    'PRIVATE KEY-----\n',
    'password',
    ': ',
    '\n',
    '"',
    '0',
    '\u30a1🙂 ',
    'eyJhbGciOiJIUzI1NiJ9.',
    `# ${'lorem ipsum '.repeat(20)}\n`,
    'x'.repeat(5000),
  ];
}

/** Secrets alone. */
function whole(path: string, bytes: Buffer) {
  const { keys: _, ...secrets } = scanner.scan(path, bytes);
  return secrets;
}

function run<T>(generator: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = generator.next();
    if (done === true) return value;
  }
}

describe('a text that is scanned while it is typed', () => {
  const text = fc.array(fc.constantFrom(...pieces()), { maxLength: 14 }).map((some) => some.join(''));
  const edit = fc.record({
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(6000)),
    inserted: fc.oneof(
      fc.constantFrom('', 'a', '\n', '-', '=', ': ', `=${password()}\n`),
      fc.constantFrom(...pieces()),
      text,
    ),
    behindWord: fc.boolean(),
  });
  /** Where an edit decides whether a keyword is followed by what belongs to it. */
  const placeBehindWord = (bytes: Buffer, which: number): number => {
    const ends = Array.from(
      bytes.toString('latin1').matchAll(/password|token|secret|:\/\/|eyJ\w*/gi),
      (word) => word.index + word[0].length,
    );
    return ends[Math.floor(which * ends.length)] ?? 0;
  };

  it('has what a scan of the whole text finds, after any edits', () => {
    let most = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...PATHS),
        text,
        fc.array(edit, { minLength: 1, maxLength: 12 }),
        (path, original, edits) => {
          let bytes = Buffer.from(original);
          const followed = scanner.follow(path);
          run(followed.read(bytes));
          assert.deepEqual(run(followed.judge(bytes)), whole(path, bytes));
          for (const [count, { from, length, inserted, behindWord }] of edits.entries()) {
            const start = behindWord ? placeBehindWord(bytes, from) : Math.floor(from * bytes.length);
            const end = Math.min(bytes.length, start + length);
            const written = Buffer.from(inserted);
            bytes = Buffer.concat([bytes.subarray(0, start), written, bytes.subarray(end)]);
            followed.edited(start, end, written.length, bytes);
            // Some edits come before anybody asks.
            if (count % 3 === 1) continue;
            const wanted = whole(path, bytes);
            assert.deepEqual(run(followed.judge(bytes)), wanted);
            most = Math.max(most, wanted.found.length);
          }
        },
      ),
      { numRuns: 400 },
    );
    assert.ok(most >= 5, 'texts with several secrets were compared');
  });

  it('reads a long text in pieces, also where a word lies over the edge of two', () => {
    const secret = `postgres://app:${password()}@db.shop.internal/app\n`;
    for (let shift = 0; shift < 60; shift += 1) {
      const bytes = Buffer.from(`${'.'.repeat(128 * 1024 - 50 + shift)}\n${secret}${'.\n'.repeat(100_000)}`);
      const followed = scanner.follow('a.txt');
      run(followed.read(bytes));
      const scan = run(followed.judge(bytes));
      assert.equal(scan.found.length, 1);
      assert.deepEqual(scan, whole('a.txt', bytes));
    }
  });
});
