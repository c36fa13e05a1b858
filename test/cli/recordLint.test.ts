/** Certificates that were issued are linted where their record is read: at the manifest, graded and excepted as all else. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { hex, integer } from '../lint/der.ts';
import { server } from '../lint/template.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly range: { readonly start: { readonly line: number } };
}

const RULE = 'lint/serial-not-positive';
const SOON = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

describe('idac check of certificates that were issued', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(async () => {
    box = sandbox();
    write('.gitignore', 'tls/\n');
    write('web.identity.yaml', manifest());
    const { code, err } = await box.idac(['issue', 'Certificate/default/web', '--yes']);
    assert.equal(code, 0, err);
  });
  after(() => box.remove());

  const write = (file: string, text: string): void => writeFileSync(path.join(box.folder, file), text);
  const manifest = (above = '', more = ''): string => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: ca }
spec:
  type: local
  owner: { team: platform }
  authority: {}
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata:
${above}  name: web
spec:
  owner: { team: shop }
  dnsNames: [web.example.test]
  issuer: ca
  duration: 20d
  deliverTo:
    - { backend: ca, path: tls/web.pem, contents: [chain, privateKey] }
${more}`;
  const policy = (spec: string): string => `---
apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: lint }
spec:
${spec}`;
  const check = async (): Promise<readonly Found[]> => {
    const { data } = await box.json(['check', '--no-scan']);
    return data['findings'] as readonly Found[];
  };

  it('has nothing to say of what the embedded authority issues', async () => {
    assert.deepEqual(await check(), []);
  });

  it('names at the manifest what is wrong with the certificate in use', async () => {
    const folder = path.join(box.folder, '.identity/records/default/Certificate/web');
    const [file = ''] = readdirSync(folder).filter((name) =>
      readFileSync(path.join(folder, name), 'utf8').includes('"issued"'),
    );
    const event = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    const bad = encodePem(
      'CERTIFICATE',
      server({ serial: integer(hex('f3b2c3d4e5f60718293a4b5c6d7e8f90')) }),
    );
    writeFileSync(path.join(folder, file), JSON.stringify({ ...event, publicText: bad }));
    const [found, ...others] = await check();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [found?.rule, found?.severity, found?.file, found?.range.start.line],
      [RULE, 'error', 'web.identity.yaml', 12],
    );
    assert.match(
      found?.message ?? '',
      /^the certificate: the serial number is negative.* \(RFC 5280, 4.1.2.2\)$/,
    );
    const { out } = await box.idac(['check', '--no-scan', '--format', 'sarif']);
    const [run] = JSON.parse(out).runs;
    const rule = run.tool.driver.rules[run.results[0].ruleIndex];
    assert.equal(rule.id, RULE);
    assert.ok(rule.fullDescription.text.length > 10);
  });

  it('is as grave as a policy says, and excepted by comment and waiver', async () => {
    write('web.identity.yaml', manifest('', policy(`  rules:\n    ${RULE}: { severity: info }\n`)));
    assert.deepEqual(
      (await check()).map(({ rule, severity }) => [rule, severity]),
      [[RULE, 'info']],
    );
    write(
      'web.identity.yaml',
      manifest(`  # idac-ignore ${RULE} until ${SOON}: the authority is replaced\n`),
    );
    assert.deepEqual(await check(), []);
    const waiver = `  waivers:
    - { rule: ${RULE}, identities: [Certificate/default/web], owner: platform, reason: old authority, until: "${SOON}" }
`;
    write('web.identity.yaml', manifest('', policy(waiver)));
    assert.deepEqual(await check(), []);
  });

  it('says that a name is misspelt, and which one may be meant', async () => {
    write(
      'web.identity.yaml',
      manifest('', policy('  rules:\n    lint/serial-not-positve: { severity: info }\n')),
    );
    const unknown = (await check()).find(({ rule }) => rule === 'reference/unknown-rule');
    assert.match(unknown?.message ?? '', /did you mean "lint\/serial-not-positive"/);
  });

  it('says that an exception is of no use any more', async () => {
    write(
      'web.identity.yaml',
      manifest(`  # idac-ignore lint/serial-too-long until ${SOON}: the authority is replaced\n`),
    );
    assert.deepEqual((await check()).map(({ rule }) => rule).sort(), ['ignore/unused', RULE]);
  });
});
