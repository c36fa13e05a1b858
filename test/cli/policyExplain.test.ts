import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const FILES = {
  'ca.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec: { type: local, owner: { team: platform } }
`,
  'web.identity.yaml': `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web, namespace: shop }
spec:
  owner: { team: shop, contact: shop@example.com }
  dnsNames: [shop.example.com]
  issuer: local-ca
  duration: 90d
`,
  'policies.identity.yaml': `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: baseline }
spec:
  rules:
    certificate/validity-too-long: { maximum: 60d, overridable: true }
    key/allowed-algorithms: { minimumStrength: 128 }
  customRules:
    - { id: short-name, expression: size(identity.metadata.name) < 3, message: choose a short name }
---
apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: shop }
spec:
  extends: [baseline]
  selector: { matchNamespaces: [shop] }
  rules:
    certificate/validity-too-long: { maximum: 75d }
  waivers:
    - { rule: custom/short-name, identities: [Certificate/shop/web], owner: shop, reason: it is known, until: 2027-01-31 }
`,
};

describe('idac policy explain', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox();
    for (const [file, text] of Object.entries(FILES)) writeFileSync(path.join(place.folder, file), text);
  });
  after(() => place.remove());

  const explain = (...more: readonly string[]) =>
    place.idac(['policy', 'explain', 'Certificate/shop/web', ...more, '--now', '2026-12-01T00:00:00Z']);

  it('says who asks for what, on which line, and whether it is kept', async () => {
    const { code, out: stdout } = await explain();
    assert.equal(code, 0);
    const text = stdout.replaceAll(/ +\n/g, '\n');
    assert.match(
      text,
      /key\/allowed-algorithms {2}kept\n {4}\{"minimumStrength":128\}\n {4}policy baseline, policies\.identity\.yaml:7/,
    );
    assert.match(text, /custom\/short-name {2}waived/);
    assert.match(text, /waived until 2027-01-31 by shop/);
    assert.match(
      text,
      /certificate\/validity-too-long {2}not kept[\s\S]*policy shop, policies\.identity\.yaml:18\n {4}line 8 {2}it is valid for 90d, and 75d/,
    );
    assert.match(text, /gave way to policy shop[\s\S]*policy baseline, policies\.identity\.yaml:6/);
  });

  it('says the same of one rule as JSON', async () => {
    const { out: stdout } = await explain('certificate/validity-too-long', '--format', 'json');
    interface Rule {
      readonly policy: {
        readonly name: string;
        readonly range: { readonly start: { readonly line: number } };
      };
      readonly replacedBy?: { readonly policy: { readonly name: string } };
      readonly findings: readonly { readonly severity: string }[];
    }
    const { rules } = JSON.parse(stdout) as { readonly rules: readonly Rule[] };
    assert.deepEqual(
      rules.map(({ policy, replacedBy, findings }) => [
        policy.name,
        policy.range.start.line,
        replacedBy?.policy.name,
        findings.length,
      ]),
      [
        ['shop', 18, undefined, 1],
        ['baseline', 6, 'shop', 0],
      ],
    );
  });

  it('says what is filled in where the manifest says nothing, who says so, and what counts less', async () => {
    const file = path.join(place.folder, 'defaults.identity.yaml');
    writeFileSync(
      file,
      `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: general }
spec: { defaults: { duration: 20d, keyAlgorithm: RSA-2048, renewal: { before: 5d } } }
---
apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: special }
spec: { extends: [general], defaults: { keyAlgorithm: RSA-3072 } }
---
apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: other }
spec: { defaults: { renewal: { before: 6d } } }
`,
    );
    const outside = path.join(place.folder, '..', 'outside.identity.yaml');
    writeFileSync(
      outside,
      'apiVersion: identity-as-code/v1\nkind: Policy\nmetadata: { name: org }\nspec: { defaults: { duration: 9d } }\n',
    );
    const { out } = await explain('--policy', outside);
    const text = out.replaceAll(/ +\n/g, '\n');
    assert.match(
      text,
      /spec\.duration {2}the manifest says it\n {4}"20d" by policy general, defaults\.identity\.yaml:4\n/,
    );
    assert.match(
      text,
      /spec\.key\.algorithm {2}"RSA-3072"\n {4}"RSA-3072" by policy special, defaults\.identity\.yaml:9\n {4}gave way: "RSA-2048" by policy general, defaults\.identity\.yaml:4\n/,
    );
    assert.match(
      text,
      /spec\.renewal\.before {2}policies disagree, so none of them counts\n {4}"5d" by policy general, defaults\.identity\.yaml:4\n {4}"6d" by policy other, defaults\.identity\.yaml:14/,
    );
    assert.match(text.replaceAll(/\s+/g, ' '), /policy org from \S+outside\.identity\.yaml fills in nothing/);
    interface Field {
      readonly field: string;
      readonly written: boolean;
      readonly given?: { readonly value: string };
      readonly gaveWay: readonly unknown[];
      readonly conflict: readonly unknown[];
    }
    const { defaults } = JSON.parse((await explain('--format', 'json')).out) as {
      readonly defaults: readonly Field[];
    };
    assert.deepEqual(
      defaults.map(({ field, written, given, gaveWay, conflict }) => [
        field,
        written,
        given?.value,
        gaveWay.length,
        conflict.length,
      ]),
      [
        ['spec.duration', true, '20d', 0, 0],
        ['spec.key.algorithm', false, 'RSA-3072', 1, 0],
        ['spec.renewal.before', false, undefined, 0, 2],
      ],
    );
    rmSync(file);
  });

  it('says what is wrong with its own command line', async () => {
    const { code, err: stderr } = await place.idac(['policy', 'explain', 'Certificate/shop/none']);
    assert.equal(code, 2);
    assert.match(stderr, /No manifest declares Certificate\/shop\/none/);
  });
});
