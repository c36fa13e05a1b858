/** cert-manager's manifests in an editor that calls them `yaml`. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Fixture, openFixture } from './fixture.ts';

const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { colour: red }\n';
const CERTIFICATE = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: web
  namespace: shop
spec:
  secretName: web-tls
  colour: red
  dnsNames: [shop.example.com]
  renewBefore: 15d
  issuerRef: { name: letsencrypt }
`;
const FILE = 'k8s/web.yaml';
/** Lines of the Deployment and the dashes before the certificate. */
const ABOVE = 5;

describe('language server: cert-manager', () => {
  let place: Fixture;
  const ask = <T>(method: string, file: string, line: number, character: number): Promise<T> =>
    place.client.request(method, { textDocument: { uri: place.uri(file) }, position: { line, character } });
  const hover = async (line: number, character: number): Promise<string | null> =>
    (await ask<{ contents: { value: string } } | null>('textDocument/hover', FILE, line, character))?.contents
      .value ?? null;
  const codes = async (file: string): Promise<readonly string[]> =>
    (await place.pull(file)).items.map(
      ({ code, severity, range }) => `${code} ${severity} ${range.start.line}`,
    );

  before(async () => {
    place = await openFixture({
      files: {
        [FILE]: `${DEPLOYMENT}---\n${CERTIFICATE}`,
        'k8s/chart.yaml': `{{ if .x }}\n${CERTIFICATE}{{ end }}\n`,
      },
    });
    place.open(FILE, undefined, 'yaml');
    place.open('k8s/chart.yaml', undefined, 'yaml');
  });
  after(() => place.end());

  it('finds what is wrong in them, and nothing in what stands beside them', async () => {
    assert.deepEqual(await codes(FILE), [
      `manifest/unknown-field 2 ${ABOVE + 7}`,
      `cert-manager/duration 1 ${ABOVE + 9}`,
    ]);
    assert.deepEqual(await codes('k8s/chart.yaml'), []);
  });

  it('says what a field means, and who keeps the certificate', async () => {
    assert.match((await hover(ABOVE + 9, 4)) ?? '', /Left out: a third of what it lives/);
    assert.match((await hover(ABOVE + 3, 9)) ?? '', /renewed by cert-manager/);
    assert.equal(await hover(1, 2), null);
    assert.equal(await hover(3, 10), null);
  });

  it('completes their fields, and none of a Deployment', async () => {
    type List = { items: { label: string }[] };
    place.change(FILE, 2, [{ text: `${DEPLOYMENT}  \n---\n${CERTIFICATE}  \n` }]);
    const end = ABOVE + 1 + CERTIFICATE.split('\n').length - 1;
    const offered = (await ask<List>('textDocument/completion', FILE, end, 2)).items.map(
      ({ label }) => label,
    );
    assert.ok(offered.includes('privateKey') && !offered.includes('issuer'), offered.join());
    assert.deepEqual((await ask<List>('textDocument/completion', FILE, 4, 2)).items, []);
    place.change(FILE, 3, [{ text: `${DEPLOYMENT}---\n${CERTIFICATE}` }]);
  });

  it('has one quiet lens for each, and no verb', async () => {
    const lenses = await place.lenses(FILE);
    assert.deepEqual(
      lenses.map(({ command, range }) => [command?.title, command?.command, range.start.line]),
      [['renewed by cert-manager · Issuer/letsencrypt', '', ABOVE]],
    );
  });

  it('refuses to act on what cert-manager keeps, and says what does', async () => {
    const identity = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate.cert-manager.io',
      namespace: 'shop',
      name: 'web',
    };
    const asked: readonly (readonly [string, object])[] = [
      ['idac.plan', { verb: 'issue', identity }],
      ['idac.plan', { verb: 'revoke', identity }],
      ['idac.verify', { identity }],
    ];
    for (const [command, given] of asked) {
      const { code, hint } = await place.run<{ code: string; hint: string }>(command, given);
      assert.equal(code, 'refused/renewed-elsewhere', command);
      assert.match(hint, /cmctl renew web --namespace shop.* declared in k8s\/web\.yaml/);
    }
  });

  it('sees them change outside of the editor', async () => {
    const late = 'k8s/late.yaml';
    const changed = (type: number): void =>
      place.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: place.uri(late), type }] });
    const names = async (): Promise<readonly string[]> => {
      const [project] = await place.client.request<{ rows: { name: string }[] }[]>('identity/inventory', {});
      return project?.rows.map(({ name }) => name).sort() ?? [];
    };
    place.write(late, CERTIFICATE.replace('name: web', 'name: late').replace('web-tls', 'late-tls'));
    changed(1);
    while ((await names()).join() !== 'late,web,web') await place.client.next('identity/changed');
    place.write(late, DEPLOYMENT);
    changed(2);
    while ((await names()).join() !== 'web,web') await place.client.next('identity/changed');
  });

  it('makes no project of a folder where somebody opens other YAML', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'idac-elsewhere-'));
    try {
      writeFileSync(path.join(elsewhere, 'broken.identity.yaml'), 'kind: [\n');
      const uri = pathToFileURL(path.join(elsewhere, 'deploy.yaml')).href;
      const textDocument = { uri, languageId: 'yaml', version: 1, text: DEPLOYMENT };
      place.client.notify('textDocument/didOpen', { textDocument });
      const position = { line: 0, character: 0 };
      assert.equal(
        await place.client.request('textDocument/hover', { textDocument: { uri }, position }),
        null,
      );
      const projects = await place.client.request<{ root: string }[]>('identity/inventory', {});
      assert.equal(projects.length, 1);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});
