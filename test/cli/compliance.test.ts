/** `idac compliance`: what policies ask, of whom, and who keeps it, on the samples and on what somebody wrote against it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ComplianceReport, Control } from '../../server/src/core/compliance/report.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const PACK = ['--policy', 'pack:nist'];

describe('idac compliance', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox({ from: 'samples' });
  });
  after(() => place.remove());

  const report = async (now: string, ...args: readonly string[]): Promise<ComplianceReport> => {
    const { code, data, err } = await place.json(['compliance', '--format', 'json', '--now', now, ...args]);
    assert.equal(code, 0, err);
    return data['compliance'] as ComplianceReport;
  };
  const control = ({ policies }: ComplianceReport, policy: string, rule: string): Control => {
    const found = policies
      .find((each) => each.policy === policy)
      ?.controls.find((each) => each.rule === rule);
    assert.ok(found, `${policy} ${rule}`);
    return found;
  };

  it('counts each identity that a control is asked of once, with the paragraph and the pack', async () => {
    const made = await report('2026-12-01T00:00:00Z', ...PACK);
    assert.deepEqual(await report('2026-12-01T00:00:00Z', ...PACK), made, 'the same for the same moment');
    for (const { controls } of made.policies)
      for (const { asked, kept, waived, shortfalls } of controls)
        assert.equal(asked, kept + waived + shortfalls.length);
    const strength = control(made, 'nist-strength', 'key/allowed-algorithms');
    assert.equal(strength.kept, strength.asked);
    assert.match(strength.cites ?? '', /^NIST SP 800-131A/);
    const pack = made.policies.find(({ policy }) => policy === 'nist-strength');
    assert.match(pack?.source ?? '', /^pack nist /);
    assert.ok(pack?.digest);
  });

  it('follows the day: what is kept now is not kept once the schedule of the pack says otherwise', async () => {
    const later = control(
      await report('2036-06-01T00:00:00Z', ...PACK),
      'nist-classical-disallowed',
      'key/allowed-algorithms',
    );
    assert.ok(later.asked > 0);
    assert.ok(later.shortfalls.length > later.asked / 2);
    const { data } = await place.json([
      'check',
      '--format',
      'json',
      '--now',
      '2036-06-01T00:00:00Z',
      ...PACK,
    ]);
    const findings = data['findings'] as readonly { readonly rule: string; readonly file: string }[];
    const found = new Set(findings.filter(({ rule }) => rule === later.rule).map(({ file }) => file));
    for (const { file } of later.shortfalls) assert.ok(found.has(file), file);
  });

  it('tells who falls short and where, and takes nothing from a manifest for markup', async () => {
    writeFileSync(
      path.join(place.folder, 'bad.identity.yaml'),
      `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: strict }
spec:
  selector: { matchNamespaces: [evil] }
  customRules:
    - { id: no-such, expression: "false", message: "<script>alert(1)</script>", severity: error, cites: "<b>1</b>" }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web, namespace: evil }
spec:
  owner: { team: shop, contact: shop@example.com }
  dnsNames: [web.example.com]
  issuer: internal-ca
`,
    );
    const made = await report('2026-12-01T00:00:00Z');
    const [shortfall, ...others] = control(made, 'strict', 'custom/no-such').shortfalls;
    assert.equal(others.length, 0);
    assert.deepEqual(
      [shortfall?.identity, shortfall?.owner, shortfall?.file],
      ['Certificate/evil/web', 'shop', 'bad.identity.yaml'],
    );
    const { code, out } = await place.idac([
      'compliance',
      '--format',
      'html',
      '--now',
      '2026-12-01T00:00:00Z',
    ]);
    assert.equal(code, 0);
    assert.match(out, /Certificate\/evil\/web/);
    assert.match(out, /&lt;script&gt;/);
    assert.doesNotMatch(out, /<script|<b>|src=|href=/);
    const { out: text } = await place.idac(['compliance', '--now', '2026-12-01T00:00:00Z']);
    assert.match(text, /custom\/no-such/);
  });
});
