/** cert-manager's documents among others: which are read, which are left alone, and what it costs. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Parser } from 'yaml';
import { observedRows } from '../../server/src/app/observedRows.ts';
import { openWorkspace, type Workspace } from '../../server/src/app/workspace.ts';
import { completionsAt } from '../../server/src/core/editing/completion.ts';
import { planRename } from '../../server/src/core/editing/rename.ts';
import {
  CERT_MANAGER_KINDS,
  CERT_MANAGER_VERSION,
  qualifiedKind,
} from '../../server/src/core/identity/certManager.ts';
import { parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';
import { backendRoles } from '../../server/src/core/schema/backendRoles.ts';
import { schemaOf } from '../../server/src/core/schema/schemaAt.ts';
import { formatGoDuration, parseGoDuration } from '../../server/src/core/text/goDuration.ts';

const certificate = (name: string, spec: string, metadata = ''): string => `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: ${name}${metadata} }
spec:
  secretName: ${name}-tls
  issuerRef: { name: letsencrypt }
  ${spec}
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, name: twice }
spec: { secret: [ }
`;
const OURS = `apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: web-1 }
spec: { type: vm, owner: { team: shop } }
`;

describe('manifests of cert-manager', () => {
  let root: string;
  let workspace: Workspace;
  const { signal } = new AbortController();
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const found = (): readonly string[] =>
    [...workspace.findings().values()]
      .flat()
      .map(({ rule, severity, file }) => `${severity} ${rule} ${file}`);
  const keys = (): readonly string[] => workspace.index().resources.map(({ key }) => key);

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'idac-cert-manager-'));
    workspace = openWorkspace(root, { clock: { now: () => new Date(0) } });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are read beside ours and others, which stay untouched', async () => {
    const text = [DEPLOYMENT, certificate('web', 'dnsNames: [a.example.com]'), OURS].join('---\n');
    write('k8s/all.yaml', text);
    await workspace.scan(signal);
    assert.deepEqual(found(), []);
    assert.deepEqual(keys(), ['Certificate.cert-manager.io/default/web', 'Machine/default/web-1']);
    assert.deepEqual(
      workspace
        .files()
        .get('k8s/all.yaml')
        ?.documents.map(({ ours }) => ours),
      [false, true, true],
    );
  });

  it('never meet ours of the same kind and name', async () => {
    write(
      'web.identity.yaml',
      'apiVersion: identity-as-code/v1\nkind: Certificate\nmetadata: { name: web }\nspec: { issuer: ca, owner: { team: a }, dnsNames: [a.example.com] }\n',
    );
    write('web.yaml', certificate('web', 'dnsNames: [a.example.com]'));
    await workspace.scan(signal);
    assert.deepEqual(found(), ['error reference/missing web.identity.yaml']);
    assert.equal(workspace.index().certificates().length, 1);
    assert.equal(observedRows(workspace.index()).length, 1);
  });

  it('lose unknown fields with a warning; our kinds keep their error', async () => {
    write('web.yaml', certificate('web', 'dnsName: [a.example.com]\n  commonName: web'));
    write('m.identity.yaml', OURS.replace('type: vm', 'type: vm, colour: red'));
    await workspace.scan(signal);
    assert.deepEqual(found(), [
      'error manifest/unknown-field m.identity.yaml',
      'warning manifest/unknown-field web.yaml',
    ]);
    assert.equal(workspace.index().resources.find(({ name }) => name === 'web')?.usable, true);
  });

  it('may have values that are filled in later; names are left to the issuer', async () => {
    const later = [
      'dnsNames: [SERVICE_NAME.SERVICE_NAMESPACE.svc, "$(HOST)"]',
      'privateKey: { size: $(BITS), algorithm: $(ALGORITHM) }',
      'isCA: $(CA)',
    ].join('\n  ');
    write('later.yaml', certificate('later', later).replace('letsencrypt', '<issuer>'));
    write('name.yaml', certificate('name', 'dnsNames: [https://shop.example.com]\n  ipAddresses: [192.0.2]'));
    await workspace.scan(signal);
    assert.deepEqual(found(), [
      'warning manifest/bad-dns-name name.yaml',
      'error manifest/bad-ip-address name.yaml',
    ]);
  });

  it('may be declared again for another cluster, and patched', async () => {
    const whole = certificate('web', 'dnsNames: ["a.$(DOMAIN)"]');
    write('base/web.yaml', whole);
    write('clusters/eu/web.yaml', whole);
    write(
      'base/patch.yaml',
      'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: web }\nspec: { duration: 720h }\n',
    );
    await workspace.scan(signal);
    assert.deepEqual(found(), []);
    assert.deepEqual(
      observedRows(workspace.index()).map(({ name, declaredAt }) => [name, declaredAt?.file]),
      [['web', 'base/web.yaml']],
    );
    write('base/again.yaml', whole);
    await workspace.reload('base/again.yaml');
    assert.deepEqual([...found()].sort(), [
      'error reference/duplicate-identity base/again.yaml',
      'error reference/duplicate-identity base/web.yaml',
    ]);
  });

  it('in templates are left alone in silence, until they are none any more', () => {
    const literal = certificate('web', 'dnsNames: [a.example.com]');
    const templates = [
      literal.replace('a.example.com', '{{ .Values.host }}'),
      `{{- if .Values.tls }}\n---\n${literal}---\n{{- end }}\n`,
      `{% if tls %}\n${literal}{% endif %}\n`,
    ];
    for (const text of templates) {
      const file = parseManifestFile('templates/web.yaml', text);
      assert.deepEqual(file.findings, [], text);
      assert.ok(
        file.documents.every(({ ours, resource }) => !ours && resource === undefined),
        text,
      );
    }
    const other = 'kind: ConfigMap\ndata:\n  mail: "{{ .Title }}"\n---\n';
    assert.ok(parseManifestFile('web.yaml', other + literal).documents[1]?.ours);
    const template = parseManifestFile('web.yaml', `---\n${literal}---\n{{ x }}\n`);
    const plain = parseManifestFile('web.yaml', `---\n${literal}---\n`, template);
    assert.ok(plain.documents[0]?.ours);
    assert.equal(parseManifestFile('web.yaml', template.text, plain).documents[0]?.ours, false);
  });

  it('of other kinds and versions are left alone; in a file of ours they are told', () => {
    const order = 'apiVersion: acme.cert-manager.io/v1\nkind: Order\nmetadata: { name: a }\n';
    const request = 'apiVersion: cert-manager.io/v1\nkind: CertificateRequest\nmetadata: { name: a }\n';
    const file = parseManifestFile('all.yaml', `${order}---\n${request}`);
    assert.ok(file.documents.every(({ ours }) => !ours) && file.findings.length === 0);
    const [finding] = parseManifestFile('all.identity.yaml', request).findings;
    assert.equal(finding?.rule, 'manifest/unknown-kind');
    assert.match(finding?.message ?? '', /CertificateRequest.*Certificate, ClusterIssuer, Issuer/);
    const [ours] = parseManifestFile(
      'x.identity.yaml',
      OURS.replace('Machine', 'Certificate.cert-manager.io'),
    ).findings;
    assert.equal(ours?.rule, 'manifest/unknown-kind');
  });

  it('are linked with the issuer that they name', async () => {
    const issuer = (kind: string, name: string, namespace = ''): string =>
      `apiVersion: cert-manager.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${namespace} }\nspec: { selfSigned: {} }\n`;
    write(
      'all.yaml',
      [
        issuer('ClusterIssuer', 'letsencrypt'),
        issuer('Issuer', 'letsencrypt'),
        certificate('web', 'dnsNames: [a.example.com]'),
        certificate('api', 'dnsNames: [b.example.com]').replace(
          'letsencrypt }',
          'letsencrypt, kind: ClusterIssuer }',
        ),
        certificate('ext', 'dnsNames: [c.example.com]').replace(
          'letsencrypt }',
          'letsencrypt, group: other.example.com }',
        ),
      ].join('---\n'),
    );
    await workspace.scan(signal);
    assert.deepEqual(found(), []);
    const index = workspace.index();
    const targets = index.resources
      .slice(2)
      .map((resource) => index.referencesFrom(resource).map(({ target }) => target?.key));
    assert.deepEqual(targets, [
      ['Issuer.cert-manager.io/default/letsencrypt'],
      ['ClusterIssuer.cert-manager.io/letsencrypt'],
      [],
    ]);
    const away = `${issuer('Issuer', 'ca', ', namespace: one')}---\n${issuer('Issuer', 'ca', ', namespace: two')}`;
    write(
      'away.yaml',
      `${away}---\n${certificate('far', 'dnsNames: [d.example.com]').replace('letsencrypt', 'ca')}`,
    );
    await workspace.reload('away.yaml');
    assert.deepEqual(found(), [], 'what lives in the cluster alone is not missed');
    const web = index.resources[2];
    assert.ok(web !== undefined && 'problem' in planRename(index, web, 'other'));
  });

  it('are completed by their own schema; other documents are not', () => {
    const at = (text: string): readonly string[] => {
      const cursor = text.indexOf('│');
      const before = text.slice(0, cursor).split('\n');
      const file = parseManifestFile('k8s.yaml', text.replace('│', ''));
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      const index = workspace.index();
      return completionsAt(file, position, { index, backendRoles: backendRoles() }).map(({ label }) => label);
    };
    const issuer =
      'apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: { name: letsencrypt }\nspec: {}\n';
    workspace.setText('issuer.yaml', issuer);
    const head = 'apiVersion: cert-manager.io/v1\nkind: Certificate\n';
    assert.deepEqual(at(`${head}spec:\n  privateKey:\n    rotationPolicy: │\n`), ['Always', 'Never']);
    assert.deepEqual(at(`${head}spec:\n  issuerRef:\n    name: │\n`), ['letsencrypt']);
    assert.deepEqual(at(`${head}spec:\n  duration: │\n`), ['2160h']);
    assert.ok(at(`${head}spec:\n  │\n`).includes('renewBefore'));
    assert.deepEqual(at('apiVersion: cert-manager.io/v1\nkind: │\n'), [...CERT_MANAGER_KINDS]);
    assert.ok(at('apiVersion: identity-as-code/v1\nkind: │\n').includes('Machine'));
    assert.deepEqual(at(`${head}---\nkind: Deployment\nspec:\n  │\n`), []);
    assert.deepEqual(at(`${head}---\nkind: │\n`), []);
    assert.deepEqual(at(`${head}metadata: { name: "{{ .Release.Name }}" }\nspec:\n  │\n`), []);
  });

  it('have a schema each', () => {
    for (const kind of CERT_MANAGER_KINDS)
      assert.ok(schemaOf(qualifiedKind(CERT_MANAGER_VERSION, kind)), kind);
    const written = readdirSync('schemas')
      .map((name) => JSON.parse(readFileSync(path.join('schemas', name), 'utf8')) as { title: string })
      .filter(({ title }) => title.includes('.'));
    assert.equal(written.length, CERT_MANAGER_KINDS.length);
  });

  it('cost nothing where there are none: other YAML is not parsed, neither at first nor when it changes', async () => {
    // A text with a tab in it is left to the YAML library by every reader.
    const ingress = 'kind: Ingress\nmetadata: { annotations: { cert-manager.io/cluster-issuer: "a\tb" } }\n';
    for (let count = 0; count < 1000; count += 1) write(`charts/${count % 50}/${count}.yaml`, ingress);
    write('k8s/all.yaml', [ingress, ingress, certificate('web', 'dnsNames: [a.example.com]')].join('---\n'));
    const { parse } = Parser.prototype;
    let parsed = 0;
    Parser.prototype.parse = function* (...given) {
      parsed += 1;
      yield* parse.apply(this, given);
    };
    try {
      await workspace.scan(signal);
      assert.ok(parsed <= 1, 'at most the one document of cert-manager');
      const before = parsed;
      const index = workspace.index();
      write('charts/1/1.yaml', 'kind: Other\nmore: true\n');
      await workspace.reload('charts/1/1.yaml');
      assert.equal(workspace.index(), index, 'nothing is worked out again');
      await workspace.scan(signal);
      assert.equal(parsed, before);
      assert.deepEqual([...workspace.files().keys()], ['k8s/all.yaml']);
      parseManifestFile('now.identity.yaml', ingress);
      assert.equal(parsed, before + 1, 'had it been read, it would have been counted');
    } finally {
      Parser.prototype.parse = parse;
    }
  });
});

describe('durations as Go writes them', () => {
  for (const [text, seconds] of [
    ['2160h', 7_776_000],
    ['2160h0m0s', 7_776_000],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['.5h', 1800],
    ['500ms', 0.5],
    ['30s1h', 3630],
    ['0', 0],
    ['-5m', -300],
    ['90d', undefined],
    ['1w', undefined],
    ['90', undefined],
    ['', undefined],
    ['h', undefined],
    ['1h ', undefined],
    ['1 h', undefined],
    ['9999999999h', undefined],
    ['1'.repeat(200), undefined],
  ] as const) {
    it(`${text.slice(0, 20) || 'nothing'}: ${seconds}`, () => assert.equal(parseGoDuration(text), seconds));
  }
  it('are written in hours, minutes and seconds', () => {
    assert.deepEqual([7_776_000, 5400, 59, 0, 3601].map(formatGoDuration), [
      '2160h',
      '1h30m',
      '59s',
      '0s',
      '1h1s',
    ]);
  });
});
