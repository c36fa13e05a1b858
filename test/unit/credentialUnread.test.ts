/** What is left out of a long or strange file is told, and why it is no credential. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readSshRevokedKeys } from '../../server/src/core/credential/ssh/revokedKeys.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { itemsOf } from '../support/credentialFiles.ts';

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const messages = async (text: string | Uint8Array, name: string): Promise<readonly string[]> =>
  (await itemsOf(text, name, { lint: 'auto' })).flatMap(({ findings }) =>
    findings.map(({ message }) => message),
  );
const PREFIX = 'AAAAC3NzaC1lZDI1NTE5AAAAI';

describe('inspect, on what it does not read', function () {
  this.timeout(120_000);

  it('says how many keys of a set are left', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKey.export({ format: 'jwk' });
    const set = { keys: Array.from({ length: 10_003 }, () => key) };
    const items = await itemsOf(JSON.stringify(set), 'set.jwks');
    assert.equal(items.length, 10_001);
    assert.match(items.at(-1)?.findings[0]?.message ?? '', /the set has 3 more, and 10000 are read/);
  });

  it('says that tokens, or lines of keys, are too long or too many', async () => {
    const token = `${base64url('{"alg":"ES256"}')}.${base64url('{}')}.AAAA`;
    const long = `${base64url(JSON.stringify({ alg: 'ES256', x: 'a'.repeat(70_000) }))}.e30.AAAA`;
    assert.ok((await messages(`${token}\n${long}\n`, 'a.jwt')).some((each) => /is not read$/.test(each)));
    const many = await itemsOf(`${token}\n`.repeat(1003), 'a.jwt');
    assert.match(many.at(-1)?.findings[0]?.message ?? '', /1000 of them were/);
    const key = `ssh-ed25519 ${PREFIX}${'A'.repeat(70_000)}\n`;
    assert.ok(
      (await messages(key, 'keys.pub')).some((each) => /one of more than 65536 is not read/.test(each)),
    );
  });

  it('takes a list of revoked keys for whole only where each line of it is one', () => {
    const problem = (text: string) => readSshRevokedKeys('list', Buffer.from(text), nodeHasher).problem;
    const { publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const line = `ssh-ed25519 ${Buffer.concat([Buffer.from('0000000b7373682d6564323535313900000020', 'hex'), raw]).toString('base64')} a`;
    assert.equal(problem(`# left\n\n${line}\n`), undefined);
    for (const other of [
      'something else',
      `ssh-ed25519 ${PREFIX}${'A'.repeat(70_000)}`,
      `${'x'.repeat(70_000)}`,
    ])
      assert.equal(problem(`${line}\n${other}\n`), '1 of its lines cannot be read', other.slice(0, 20));
  });

  it('says what a file looks like, and why it is not that', async () => {
    for (const [name, content, expected] of [
      [
        'a.p7b',
        Buffer.from('3080'.repeat(100) + '0000'.repeat(100), 'hex'),
        /begins as DER and cannot be read as such: elements are nested deeper/,
      ],
      ['a.der', Buffer.from('3003020101', 'hex'), /is DER, and no credential that is known here/],
      ['a.jwk', `{"kty":${'['.repeat(100_000)}`, /begins as JSON and cannot be read as such/],
      ['a.jwk', '{"a":1}', /is JSON, and neither a JSON Web Key nor a set/],
      [
        'a.jwt',
        `${base64url('{"alg":')}.e30.AAAA`,
        /looks like a token and cannot be read as one: its header/,
      ],
      ['a.pem', 'nothing', /in no format that is known here/],
    ] as const)
      assert.match((await messages(content, name)).join(), expected, name);
  });
});
