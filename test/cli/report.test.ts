import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Report {
  readonly now: string;
  readonly pack: { readonly name: string; readonly digest: string; readonly by: string | null };
  readonly totals: Readonly<Record<string, number>>;
  readonly controls: readonly {
    readonly id: string;
    readonly cites: string | null;
    readonly state: string;
    readonly source: { readonly file: string; readonly line: number };
    readonly evidence: readonly {
      readonly identity: string;
      readonly state: string;
      readonly why?: string;
      readonly findings: readonly { readonly file: string; readonly line: number; readonly column: number }[];
      readonly exceptions: readonly {
        readonly by: string;
        readonly owner?: string;
        readonly until: string;
        readonly line: number;
      }[];
    }[];
    readonly upcoming: readonly { readonly from: string; readonly broken: readonly string[] }[];
  }[];
  readonly notJudged: readonly unknown[];
  readonly outOfScope: readonly string[];
}

const certificate = (name: string, duration: string, labels = '{ profile: public-tls }'): string => `---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name}, namespace: shop, labels: ${labels} }
spec:
  owner: { team: shop }
  usages: [serverAuth]
  dnsNames: [${name}.example.com]
  issuer: local-ca
  duration: ${duration}
`;

const MANIFESTS = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec: { type: local, owner: { team: platform }, authority: { crl: { path: pki/ca.crl.pem } } }
${certificate('kept', '90d')}${certificate('long', '300d')}${certificate('bank', '300d')}${certificate('inside', '300d', '{}')}${certificate('wrong', 'soon')}---
apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: exceptions }
spec:
  waivers:
    - rule: certificate/validity-too-long
      identities: [Certificate/shop/bank]
      owner: payments <script>alert(1)</script>
      reason: the bank takes one a year
      until: "2027-02-01"
---
apiVersion: identity-as-code/v1
kind: Project
metadata: { name: shop }
spec: { packs: [cabf-tls] }
`;

describe('idac report', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const NOW = ['--now', '2026-12-01'];
  const report = async (...args: readonly string[]): Promise<Report & { code: number }> => {
    const { code, data } = await place.json(['report', ...args]);
    return { ...(data as unknown as Report), code };
  };
  before(() => {
    place = sandbox();
    writeFileSync(path.join(place.folder, 'all.identity.yaml'), MANIFESTS);
  });
  after(() => place.remove());

  const validity = ({ controls }: Report) =>
    controls.find(({ id }) => id === 'cabf-tls/certificate/validity-too-long') ?? assert.fail();

  it('says who keeps a control, who does not and where, who is excepted by whom, and what cannot be judged', async () => {
    const made = await report('--pack', 'cabf-tls', ...NOW);
    assert.equal(made.code, 1);
    const { cites, state, source, evidence, upcoming } = validity(made);
    assert.deepEqual(
      [cites, state, source.file],
      ['CA/Browser Forum TLS BR 6.3.2', 'broken', 'cabf-tls.yaml'],
    );
    assert.deepEqual(
      evidence.map((each) => [each.identity, each.state]),
      [
        ['Certificate/shop/bank', 'excepted'],
        ['Certificate/shop/kept', 'kept'],
        ['Certificate/shop/long', 'broken'],
        ['Certificate/shop/wrong', 'unknown'],
      ],
    );
    const [bank, , long, wrong] = evidence;
    const text = MANIFESTS.split('\n');
    assert.deepEqual(
      bank?.exceptions.map((each) => [each.by, each.until, text[each.line - 1]?.trim()]),
      [['waiver', '2027-02-01', '- rule: certificate/validity-too-long']],
    );
    const [found] = long?.findings ?? [];
    assert.equal(text[(found?.line ?? 0) - 1]?.slice((found?.column ?? 0) - 1), '300d');
    assert.match(wrong?.why ?? '', /manifest has errors/);
    // The bank's exception is over by then.
    assert.deepEqual(upcoming, [
      { from: '2027-03-15', broken: ['Certificate/shop/bank', 'Certificate/shop/long'] },
      {
        from: '2029-03-15',
        broken: ['Certificate/shop/bank', 'Certificate/shop/kept', 'Certificate/shop/long'],
      },
    ]);
    assert.deepEqual(made.outOfScope, ['Certificate/shop/inside']);
    assert.ok(made.notJudged.length > 0);
    assert.equal(made.pack.by, 'project');
    assert.match(made.pack.digest, /^sha256:/);
    assert.equal(
      Object.values(made.totals).reduce((sum, each) => sum + each, 0),
      made.controls.length,
    );
  });

  it('a waiver that is over excepts nobody, and none does from a pack that is demanded from outside', async () => {
    const stateOf = async (...args: readonly string[]) =>
      validity(await report('--pack', 'cabf-tls', ...args)).evidence[0]?.state;
    assert.equal(await stateOf('--now', '2027-02-02'), 'broken');
    assert.equal(await stateOf(...NOW, '--policy', 'pack:cabf-tls'), 'broken');
  });

  it('is the same each time, octet by octet, wherever it lies', async () => {
    const other = sandbox();
    writeFileSync(path.join(other.folder, 'all.identity.yaml'), MANIFESTS);
    for (const format of ['json', 'html', 'text']) {
      const args = ['report', '--pack', 'cabf-tls', ...NOW, '--format', format];
      const first = await place.idac(args);
      assert.equal((await place.idac(args)).out, first.out);
      assert.equal((await other.idac(args)).out, first.out);
    }
    other.remove();
  });

  it('as HTML loads nothing, runs nothing and takes no text for markup', async () => {
    const { out } = await place.idac(['report', '--pack', 'cabf-tls', ...NOW, '--format', 'html']);
    assert.match(out, /^<!doctype html>\n<html lang="en">/);
    assert.doesNotMatch(out, /<script|<link|<img|@import|url\(|src=|https?:/);
    assert.match(out, /payments &lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(out, /default-src 'none'/);
    // Every link leads to a part of the page.
    const targets = [...out.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    assert.ok(targets.length > 0);
    for (const id of targets) assert.ok(out.includes(`id="${id}"`), id);
  });

  it('says what begins later, and is about a pack of anybody', async () => {
    const nist = await report('--pack', 'nist', ...NOW);
    const classical = nist.controls.find(
      ({ id }) => id === 'nist-classical-disallowed/key/allowed-algorithms',
    );
    assert.deepEqual([classical?.state, classical?.upcoming[0]?.from], ['not-yet', '2036-01-01']);
    assert.ok((classical?.upcoming[0]?.broken.length ?? 0) >= 4);
    assert.equal(nist.pack.by, null);
    const own = path.join(place.stateHome, '..', 'own.yaml');
    writeFileSync(
      own,
      'apiVersion: identity-as-code/v1\nkind: Policy\nmetadata: { name: own }\nspec:\n  rules:\n    owner/missing: { severity: error }\n  customRules:\n    - { id: shop, expression: "identity.metadata.name != \'long\'", message: another name, cites: Handbook 3 }\n',
    );
    const made = await report('--pack', own, ...NOW);
    assert.deepEqual(
      made.controls.map(({ id, state }) => [id, state]),
      [
        ['own/owner/missing', 'unknown'],
        ['own/custom/shop', 'broken'],
      ],
    );
  });

  it('names no pack: says which there are; an unknown one is an error', async () => {
    const none = await place.idac(['report']);
    assert.equal(none.code, 2);
    assert.match(none.err, /cabf-tls, cnsa-2\.0/);
    assert.equal((await place.idac(['report', '--pack', 'pack:nothing'])).code, 2);
  });

  it('changes nothing', () => {
    assert.equal(readFileSync(path.join(place.folder, 'all.identity.yaml'), 'utf8'), MANIFESTS);
  });
});
