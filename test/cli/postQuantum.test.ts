/** An authority and identities with post-quantum keys, from the manifest to the list of what was revoked. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const AUTHORITY = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: lab }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  authority:
    keyAlgorithm: ML-DSA-87
    crl: { path: pki/lab.crl.pem }
    publish: { roots: pki/roots.pem }
`;

const certificate = (name: string, algorithm: string): string => `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name} }
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [serverAuth]
  dnsNames: [${name}.example.com]
  key: { algorithm: ${algorithm} }
  issuer: lab
  duration: 30d
  deliverTo:
    - { backend: lab, path: pki/${name}.pem, contents: [chain] }
    - { backend: lab, path: secret/${name}.key, contents: [privateKey] }
`;

const NAMES = { shop: 'ML-DSA-65', firmware: 'SLH-DSA-SHA2-128f' } as const;

interface Item {
  readonly type: string;
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string | null;
  readonly spkiSha256: string;
  readonly privateKeyForm: string | null;
  readonly path?: { readonly valid: boolean | null; readonly chain: readonly string[] };
  readonly revocation?: { readonly status: string } | null;
  readonly findings: readonly { readonly rule: string }[];
}

describe('post-quantum identities on the command line', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox();
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(place.folder, file)), { recursive: true });
      writeFileSync(path.join(place.folder, file), text);
    };
    write('.gitignore', 'secret/\n');
    write('lab.identity.yaml', AUTHORITY);
    for (const [name, algorithm] of Object.entries(NAMES))
      write(`${name}.identity.yaml`, certificate(name, algorithm));
  });
  after(() => place.remove());

  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await place.idac(args);
    assert.equal(code, 0, `${args.join(' ')}: ${out}${err}`);
    return out;
  };
  const items = async (...args: readonly string[]): Promise<readonly Item[]> => {
    const { data } = await place.json(['inspect', ...args, '--format', 'json']);
    return data['items'] as readonly Item[];
  };

  it('are issued, hold, and have the key that was delivered, in its seed form', async () => {
    for (const [name, algorithm] of Object.entries(NAMES)) {
      await ok('issue', `Certificate/${name}`, '--yes');
      const [leaf, issuing] = await items(
        `pki/${name}.pem`,
        '--trust',
        'pki/roots.pem',
        '--host',
        `${name}.example.com`,
      );
      assert.equal(leaf?.keyAlgorithm, algorithm);
      assert.equal(leaf?.signatureAlgorithm, 'ML-DSA-87');
      assert.equal(issuing?.keyAlgorithm, 'ML-DSA-87');
      assert.equal(leaf?.path?.valid, true);
      assert.equal(leaf?.path?.chain.length, 3);
      const [key] = await items(`secret/${name}.key`);
      assert.equal(key?.spkiSha256, leaf?.spkiSha256);
      assert.equal(key?.privateKeyForm, algorithm.startsWith('ML') ? 'seed' : 'expanded');
    }
    await ok('verify', 'Certificate/shop');
  });

  it('are renewed with a new key, and the one that is revoked is in a list that is checked', async () => {
    const copy = (from: string, to: string): void =>
      writeFileSync(path.join(place.folder, to), readFileSync(path.join(place.folder, from)));
    copy('pki/shop.pem', 'former.pem');
    copy('pki/firmware.pem', 'revoked.pem');
    await ok('rotate', 'Certificate/shop', '--yes');
    await ok('revoke', 'Certificate/firmware', '--reason', 'keyCompromise', '--yes');
    const list = ['--trust', 'pki/roots.pem', '--crl', 'pki/lab.crl.pem'];
    const [shop] = await items('pki/shop.pem', ...list);
    assert.equal(shop?.revocation?.status, 'good');
    const [former] = await items('former.pem', ...list);
    assert.notEqual(former?.spkiSha256, shop?.spkiSha256);
    assert.equal(former?.path?.valid, true);
    const [revoked] = await items('revoked.pem', ...list);
    assert.equal(revoked?.revocation?.status, 'revoked');
    assert.equal(revoked?.path?.valid, false);
  });

  it('a signature that was altered is bad, and is not said to be unverifiable', async () => {
    const pem = readFileSync(path.join(place.folder, 'pki/shop.pem'), 'utf8');
    const [first = ''] = pem.split(/(?<=-----END CERTIFICATE-----)/);
    const der = Buffer.from(first.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    der.writeUInt8((der.at(-700) ?? 0) ^ 1, der.length - 700);
    const altered = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    writeFileSync(path.join(place.folder, 'altered.pem'), altered + pem.slice(first.length));
    const [leaf] = await items('altered.pem', '--trust', 'pki/roots.pem');
    assert.equal(leaf?.path?.valid, false);
  });

  it('what cannot make such a key says so before anything is made', async () => {
    const file = path.join(place.folder, 'login.identity.yaml');
    writeFileSync(
      file,
      certificate('login', 'ML-DSA-44')
        .replace('kind: Certificate', 'kind: SshKey')
        .replace(/^ {2}(usages|dnsNames):.*\n/gm, ''),
    );
    const { code, out } = await place.idac(['check', file]);
    assert.equal(code, 1);
    assert.match(out, /ECDSA-P256/);
  });
});
