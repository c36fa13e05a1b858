/** `idac impact` of an algorithm that falls, on what was really issued. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Replacement } from '../../server/src/core/impact/replacement/replacement.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

describe('idac impact Algorithm/NAME', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(async () => {
    place = sandbox();
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(place.folder, file)), { recursive: true });
      writeFileSync(path.join(place.folder, file), text);
    };
    write('.gitignore', 'secret/\n');
    write(
      'all.identity.yaml',
      `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: lab }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  authority: { keyAlgorithm: RSA-2048 }
${['web ECDSA-P256', 'pq ML-DSA-44']
  .map((each) => each.split(' '))
  .map(
    ([name, algorithm]) => `---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name} }
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [serverAuth]
  dnsNames: [${name}.example.com]
  key: { algorithm: ${algorithm} }
  issuer: lab
  duration: 30d
  consumers: [checkout]
  deliverTo: [{ backend: lab, path: secret/${name}.pem, contents: [chain, privateKey] }]
`,
  )
  .join('')}`,
    );
    const { code, err } = await place.idac(['issue', 'Certificate/web', 'Certificate/pq', '--yes']);
    assert.equal(code, 0, err);
  });
  after(() => place.remove());

  const fall = async (subject: string): Promise<Replacement> => {
    const { code, data, err } = await place.json(['impact', subject, '--format', 'json']);
    assert.equal(code, 0, err);
    return data['replacement'] as Replacement;
  };

  it('reads the chain: the authority first, then what it signed, whatever key that has', async () => {
    const { authorities, hits, consumers } = await fall('Algorithm/RSA-2048');
    assert.deepEqual(
      authorities.map(({ backend, algorithms, signs }) => [backend, algorithms, signs]),
      [['lab', ['RSA-2048'], 2]],
    );
    assert.ok(authorities[0]?.instead.can);
    assert.deepEqual(
      new Set(hits.map(({ identity }) => identity)),
      new Set(['Certificate/default/web', 'Certificate/default/pq']),
    );
    for (const { reasons } of hits) assert.deepEqual(reasons, ['authority']);
    assert.deepEqual(consumers, ['checkout']);
  });

  it('a digest is found in signatures, and a key algorithm in keys', async () => {
    for (const { reasons } of (await fall('Algorithm/SHA-256')).hits)
      assert.deepEqual(reasons, ['signature', 'authority']);
    assert.deepEqual(
      (await fall('Algorithm/P-256')).hits.map(({ identity }) => identity),
      ['Certificate/default/web'],
    );
    assert.deepEqual(
      (await fall('Algorithm/ML-DSA')).hits.map(({ identity }) => identity),
      ['Certificate/default/pq'],
    );
    assert.deepEqual((await fall('Algorithm/SHA-1')).hits, []);
  });

  it('in words, and what is not in use is refused with what is', async () => {
    const { out } = await place.idac(['impact', 'Algorithm/quantum-vulnerable']);
    const words = out.replaceAll(/\s+/g, ' ');
    assert.match(words, /2 credentials are hit; 2 can be replaced now\. 1 owner has to know: shop\./);
    assert.match(words, /first the authorities Backend\/lab RSA-2048, signs 2/);
    assert.match(words, /spec\.key\.algorithm: ML-DSA-65/);
    const wrong = await place.idac(['impact', 'Algorithm/RSA-1024']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err.replaceAll(/\s+/g, ' '), /ECDSA-P256, ML-DSA-44, RSA-2048/);
  });

  it('of a backend it follows what breaks with it', async () => {
    const { data } = await place.json(['impact', 'Backend/lab', '--format', 'json']);
    assert.equal((data['replacement'] as Replacement).hits.length, 2);
    assert.ok('impact' in data);
  });
});
