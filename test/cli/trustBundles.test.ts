/** What trust bundles hold, against what was really issued: told by `idac check`, without asking anybody. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Found {
  readonly rule: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
  readonly related: readonly { readonly message: string }[];
}

describe('idac check of trust bundles', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(async () => {
    box = sandbox();
    mkdirSync(path.join(box.folder, 'trust'));
    write('.gitignore', 'tls/\n');
    write('web.identity.yaml', manifest(['trust/company.pem']));
    makeRoot('trust/company.pem', 'Former Root', 20);
    const { code, err } = await box.idac(['issue', 'Certificate/default/web', '--yes']);
    assert.equal(code, 0, err);
  });
  after(() => box.remove());

  const write = (file: string, text: string): void => writeFileSync(path.join(box.folder, file), text);
  const read = (file: string): string => readFileSync(path.join(box.folder, file), 'utf8');
  const makeRoot = (file: string, name: string, days: number): void => {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-keyout', path.join(box.folder, 'tls/root.key'), '-out', file],
        ...['-subj', `/CN=${name}`, '-days', String(days)],
      ],
      { cwd: prepared(), stdio: 'ignore' },
    );
  };
  const prepared = (): string => {
    mkdirSync(path.join(box.folder, 'tls'), { recursive: true });
    return box.folder;
  };
  const manifest = (files: readonly string[], backend = 'ca'): string => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: ${backend} }
spec:
  type: local
  owner: { team: platform }
  authority:
    publish: { roots: pki/${backend}.pem }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web }
spec:
  owner: { team: shop }
  dnsNames: [web.example.test]
  issuer: ${backend}
  duration: 20d
  consumers: [checkout]
  deliverTo:
    - { backend: ${backend}, path: tls/web.pem, contents: [chain, privateKey] }
---
apiVersion: identity-as-code/v1
kind: TrustBundle
metadata: { name: company }
spec:
  owner: { team: platform }
  anchors:
${files.map((file) => `    - file: ${file}\n`).join('')}  consumers: [checkout]
`;
  const check = async (now?: string): Promise<readonly Found[]> => {
    const { data, err } = await box.json([
      'check',
      '--no-scan',
      ...(now === undefined ? [] : ['--now', now]),
    ]);
    assert.equal(err, '');
    return (data['findings'] as readonly Found[]).filter(({ rule }) => rule.startsWith('trust/'));
  };
  const rules = (found: readonly Found[]): readonly string[] => found.map(({ rule }) => rule).sort();

  it('says who would refuse what was issued, and which authority is missing', async () => {
    const found = await check();
    assert.deepEqual(rules(found), ['trust/anchor-expiring', 'trust/authority-missing']);
    const missing = found.find(({ rule }) => rule === 'trust/authority-missing');
    assert.match(missing?.message ?? '', /^checkout would refuse web: this bundle lacks CN=ca Root CA/);
    assert.deepEqual(
      missing?.related.map(({ message }) => message),
      ['checkout relies on it'],
    );
    const lines = read('web.identity.yaml').split('\n');
    assert.match(lines[(missing?.range.start.line ?? 0) - 1] ?? '', /consumers: \[checkout\]/);
  });

  it('is content once the root stands in the bundle, and says when the other one is over', async () => {
    write('trust/company.pem', read('trust/company.pem') + read('pki/ca.pem'));
    assert.deepEqual(rules(await check()), ['trust/anchor-expiring']);
    const later = new Date(Date.now() + 30 * 86_400_000).toISOString();
    assert.deepEqual(rules(await check(later)), ['trust/anchor-expired']);
    copyFileSync(path.join(box.folder, 'pki/ca.pem'), path.join(box.folder, 'trust/company.pem'));
    assert.deepEqual(await check(), []);
  });

  it('says that a root is kept under which nothing is issued any more', async () => {
    write('web.identity.yaml', manifest(['trust/company.pem', 'pki/next.pem'], 'next'));
    const { code, err } = await box.idac([
      'rotate',
      'Certificate/default/web',
      '--yes',
      '--because',
      'moves',
    ]);
    assert.equal(code, 0, err);
    assert.deepEqual(await check(), []);
    const later = new Date(Date.now() + 40 * 86_400_000).toISOString();
    const [first, ...others] = await check(later);
    assert.deepEqual(others, []);
    assert.equal(first?.rule, 'trust/anchor-outlived');
    assert.match(first?.message ?? '', /CN=ca Root CA/);
  });

  it('leaves alone what is no regular file, and what holds no certificate', async () => {
    write('web.identity.yaml', manifest(['trust/none.pem', 'trust/text.pem'], 'next'));
    write('trust/text.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    mkdirSync(path.join(box.folder, 'trust/none.pem'));
    assert.deepEqual(await check(), []);
  });
});
