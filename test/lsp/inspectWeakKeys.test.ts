/** A credential that is viewed is told when its key gives the private half away, and when the user's list has it. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { InspectAnswer } from '../../server/src/lsp/protocol.ts';
import { type CredentialFolder, credentialFolder } from '../support/credentialFiles.ts';
import { nextPrime, pemOf, prime, rsaKey } from '../support/weakKeys.ts';
import { type Fixture, openFixture } from './fixture.ts';

describe('language server: weak keys in a file of credentials', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  let list: CredentialFolder | undefined;
  afterEach(async () => {
    await fixture?.end();
    list?.remove();
  });

  const rulesOf = async (content: string): Promise<readonly string[]> => {
    writeFileSync(path.join(fixture.box.folder, 'key.pem'), content);
    const answer = await fixture.client.request<InspectAnswer>('identity/inspect', {
      uri: fixture.uri('key.pem'),
    });
    return answer.cards.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  };

  it('close primes', async () => {
    fixture = await openFixture();
    const p = prime(1024);
    assert.deepEqual(await rulesOf(pemOf(rsaKey(p * nextPrime(p + 2n ** 200n)))), ['key/factorable']);
  });

  it('a key on the list that the user names when the server starts', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const octets = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
    const hash = createHash('sha256')
      .update(octets.subarray(octets.findIndex((octet) => octet !== 0)))
      .digest();
    list = credentialFolder();
    list.write('blocklist.dat', Buffer.concat([hash.subarray(0, 15), Buffer.of(1)]));
    list.write('badkeysdata.json', '{"bkformat":0,"blocklists":[{"id":1,"name":"ours"}]}');
    const trusted = true;
    fixture = await openFixture({ initializationOptions: { trusted, blockList: list.path } });
    assert.deepEqual(await rulesOf(pem), ['key/blocklisted']);
    await fixture.end();
    fixture = await openFixture({ initializationOptions: { trusted, settings: { blockList: list.path } } });
    assert.deepEqual(await rulesOf(pem), [], 'settings may come from a folder');
  });
});
