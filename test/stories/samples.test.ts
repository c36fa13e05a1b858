import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Ran, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { applyQuickFixes } from '../support/quickFixes.ts';

interface Row {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: string | null;
  readonly backend: string | null;
  readonly state: string;
  readonly managedBy?: string;
}

/** These renew themselves where they are used; this tool only looks at them. */
const RENEWED_ELSEWHERE = ['Certificate/apps/courier-phone', 'Certificate/depots/cold-store-sensor'];

const nameOf = ({ kind, namespace, name }: Row): string => `${kind}/${namespace}/${name}`;

describe('the samples, corrected by their quick fixes', function () {
  this.timeout(600_000);
  let place: Sandbox;
  let issuing: Ran & { readonly data: Record<string, unknown> };
  const rows = async () => (await place.json(['inventory'])).data['identities'] as readonly Row[];
  before(async () => {
    place = sandbox({ from: 'samples' });
    await applyQuickFixes(place);
    issuing = await place.json(['issue', '-l', 'environment', '--yes']);
  });
  after(() => place.remove());

  it('have no mistake left', async () => {
    assert.deepEqual((await place.json(['check'])).data['findings'], []);
  });

  it('declare what their README says: kinds, teams, backends, machines', async () => {
    const identities = new Map((await rows()).map((row) => [nameOf(row), row]));
    const count = (kind: string) => [...identities.values()].filter((row) => row.kind === kind).length;
    const counts = {
      'Certificate.cert-manager.io': 3,
      Certificate: 27,
      Workload: 13,
      SshCertificate: 10,
      Token: 10,
      Key: 8,
      SshKey: 4,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(counts).map((kind) => [kind, count(kind)])), counts);
    assert.equal(identities.size, 75);
    const own = [...identities.values()].filter(({ managedBy }) => managedBy === undefined);
    const distinct = (field: 'owner' | 'backend') => new Set(own.map((row) => row[field])).size;
    assert.deepEqual([distinct('owner'), distinct('backend')], [6, 8]);
    const readme = readFileSync(path.join(place.folder, 'README.md'), 'utf8').replaceAll('\n', ' ');
    assert.match(readme, /75 identities of six teams, for 34 machines, from eight backends/);
    for (const kind of ['Workload', 'SshCertificate', 'Token', 'Key', 'SshKey'])
      assert.ok(readme.includes(`| \`${kind}\` | ${count(kind)} |`), kind);
  });

  it('can all be issued at once, but for what renews itself', () => {
    const { code, data } = issuing;
    const refused = data['refused'] as readonly { identity: Row; code: string }[];
    assert.deepEqual(refused.map(({ identity }) => nameOf(identity)).sort(), RENEWED_ELSEWHERE);
    assert.deepEqual(data['failed'], []);
    const results = data['results'] as readonly { state: string }[];
    assert.deepEqual(
      results.filter(({ state }) => state !== 'done'),
      [],
    );
    assert.equal(results.length, 70);
    assert.equal(code, 1, 'two were refused');
  });

  it('stand the test afterwards, each of them', async () => {
    const issued = new Set((await rows()).filter(({ state }) => state === 'active').map(nameOf));
    assert.equal(issued.size, 70);
    const { code, data, err } = await place.json(['verify', ...issued]);
    assert.equal(code, 0, err);
    const reports = data['reports'] as readonly { ok: boolean }[];
    assert.equal(reports.length, 70);
    assert.ok(reports.every(({ ok }) => ok));
    assert.deepEqual((await place.json(['check'])).data['findings'], []);
  });

  it('put no private key and no token where git would take it', function () {
    needs(this, 'git', hasProgram('git'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: place.folder, encoding: 'utf8' });
    git('add', '--all');
    const taken = git('ls-files', '-z').split('\0').filter(Boolean);
    assert.ok(taken.includes('deploy/payments-1/tls/payments-api.pem'), 'public parts are committed');
    for (const file of taken) {
      const text = readFileSync(path.join(place.folder, file), 'utf8');
      assert.doesNotMatch(text, /-----BEGIN [A-Z ]*PRIVATE KEY-----/, file);
      assert.doesNotMatch(file, /\.token$/);
    }
  });
});
