/** Mistakes in manifests of each kind: one finding, on the wrong token, with the repair that is meant. */
import assert from 'node:assert/strict';
import type { Finding } from '../../server/src/core/finding.ts';
import { parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';
import { lineIndex } from '../../server/src/core/text/lineIndex.ts';

/** Of kind, `spec` with «» around the wrong token, the rule, and what the preferred fix makes of the token. */
type Mistake = readonly [kind: string, spec: string, rule: string, fixed?: string];

const HOST = 'principals: [a.example.com], issuer: ca';
const USER = 'type: user, principals: [deploy], issuer: ca';
const WORKLOAD = 'registry: spire, selectors: [unix:uid:1001]';
const STEPS = 'steps: [{ name: contain }]';

const MISTAKES: readonly Mistake[] = [
  ['Key', '{ store: hsm, «usage»: [sign] }', 'unknown-field', 'usages'],
  ['Key', '{ store: hsm, usages: [«signing»] }', 'not-allowed', 'sign'],
  ['Key', '{ store: hsm, algorithm: «P-256» }', 'not-allowed', 'ECDSA-P256'],
  ['Key', '{ store: hsm, formerKey: «retain» }', 'not-allowed', 'keep'],
  ['Key', '{ «backend»: hsm }', 'unknown-field', 'store'],
  [
    'Key',
    '{ store: hsm, deliverTo: [{ backend: a, path: b, contents: [«privateKey»] }] }',
    'not-allowed',
    'publicKey',
  ],
  ['SshKey', '{ issuer: ca, usage: «client» }', 'not-allowed', 'user'],
  ['SshKey', '{ issuer: ca, key: { algorithm: «ed25519» } }', 'not-allowed', 'Ed25519'],
  ['SshKey', '{ issuer: ca, key: { «csr»: a.pub } }', 'unknown-field', 'publicKey'],
  ['SshKey', '{ issuer: ca, key: { algorithm: «ssh-rsa» } }', 'not-allowed', 'RSA-3072'],
  ['SshCertificate', `{ type: «server», ${HOST} }`, 'not-allowed', 'host'],
  ['SshCertificate', '{ type: user, principals: «deploy», issuer: ca }', 'wrong-type', '[deploy]'],
  ['SshCertificate', '{ type: user, principals: «[]», issuer: ca }', 'empty-value'],
  ['SshCertificate', '{ type: user, principals: [«"a,b"»], issuer: ca }', 'bad-principal', '"a", "b"'],
  [
    'SshCertificate',
    '{ type: host, «dnsNames»: [a.example.com], issuer: ca }',
    'unknown-field',
    'principals',
  ],
  ['SshCertificate', `{ ${USER}, extensions: [«permit-X11»] }`, 'not-allowed', 'permit-X11-forwarding'],
  [
    'SshCertificate',
    `{ ${USER}, criticalOptions: { «sourceAddress»: [192.0.2.0/24] } }`,
    'unknown-field',
    'source-address',
  ],
  [
    'SshCertificate',
    `{ ${USER}, criticalOptions: { source-address: [«192.0.2.7/24»] } }`,
    'bad-ip-address',
    '"192.0.2.0/24"',
  ],
  ['SshCertificate', `{ ${USER}, criticalOptions: { verify-required: «yes» } }`, 'wrong-type', 'true'],
  ['Token', '{ issuer: ca, format: «jwe» }', 'not-allowed', 'jwt'],
  ['Token', '{ issuer: ca, «aud»: [ledger] }', 'unknown-field', 'audience'],
  ['Token', '{ issuer: ca, audience: «ledger» }', 'wrong-type', '[ledger]'],
  ['Token', '{ issuer: ca, scopes: [«a b»] }', 'bad-scope', 'a, b'],
  ['Token', '{ issuer: ca, duration: «90 days» }', 'bad-duration', '90d'],
  ['Token', '{ issuer: ca, «ttl»: 90d }', 'unknown-field', 'duration'],
  [
    'Workload',
    `{ ${WORKLOAD}, spiffeId: «spiffe://Example.com/api» }`,
    'bad-spiffe-id',
    'spiffe://example.com/api',
  ],
  ['Workload', `{ ${WORKLOAD}, spiffeId: «example.com/api» }`, 'bad-spiffe-id', 'spiffe://example.com/api'],
  ['Workload', `{ ${WORKLOAD}, spiffeId: «spiffe://example.com» }`, 'bad-spiffe-id'],
  ['Workload', `{ ${WORKLOAD}, «spiffeID»: spiffe://example.com/api }`, 'unknown-field', 'spiffeId'],
  [
    'Workload',
    '{ registry: spire, spiffeId: spiffe://example.com/a, selectors: [«uid=1001»] }',
    'bad-selector',
    'uid:1001',
  ],
  ['Workload', `{ ${WORKLOAD}, spiffeId: spiffe://example.com/a, x509SvidTtl: «60» }`, 'wrong-type'],
  [
    'Workload',
    `{ ${WORKLOAD}, spiffeId: spiffe://example.com/a, federatesWith: [«spiffe://partner.example»] }`,
    'bad-spiffe-id',
    'partner.example',
  ],
  ['Policy', '{ selector: { «matchLabel»: { a: b } } }', 'unknown-field', 'matchLabels'],
  ['Policy', '{ selector: { matchKinds: [«Certificates»] } }', 'not-allowed', 'Certificate'],
  ['Policy', '{ selector: { matchExpressions: [{ key: a, operator: «in» }] } }', 'not-allowed', 'In'],
  ['Policy', '{ selector: { matchLabels: { tier: «1» } } }', 'wrong-type', '"1"'],
  ['Policy', '{ rules: { owner/missing: «error» } }', 'wrong-type', '{ severity: error }'],
  ['Policy', '{ rules: { owner/missing: { severity: «fatal» } } }', 'not-allowed', 'error'],
  ['Policy', '{ customRules: [{ id: «A_b», expression: "true", message: m }] }', 'bad-name', 'a-b'],
  ['Policy', '{ schema: «text» }', 'wrong-type'],
  ['Playbook', '{ steps: [{ name: a, verb: «revok» }] }', 'not-allowed', 'revoke'],
  ['Playbook', '{ steps: [{ name: a, reason: «keycompromise» }] }', 'not-allowed', 'keyCompromise'],
  ['Playbook', '{ steps: [{ name: a, owner: «security» }] }', 'wrong-type', '{ team: security }'],
  ['Playbook', '{ steps: «[]» }', 'empty-value'],
  ['Playbook', `{ ${STEPS}, trigger: { rules: [«expired»] } }`, 'bad-name'],
  ['Playbook', `{ ${STEPS}, scope: { identities: [«Certficate/web»] } }`, 'bad-name', 'Certificate/web'],
  ['Playbook', `{ ${STEPS}, scope: { «identites»: [] } }`, 'unknown-field', 'identities'],
  ['TrustBundle', '{ anchors: [{ backend: a, «file»: b.pem }] }', 'bad-value'],
  ['TrustBundle', '{ anchors: [{ «path»: a.pem }] }', 'unknown-field', 'file'],
  ['TrustBundle', '{ anchors: [«{}»] }', 'empty-value'],
  ['TrustBundle', '{ purpose: «ssh-users» }', 'not-allowed', 'ssh-user'],
  ['TrustBundle', '{ «includes»: [a] }', 'unknown-field', 'include'],
  ['Machine', '{ type: «pod» }', 'not-allowed', 'container'],
];

interface Read {
  readonly finding: Finding;
  readonly token: string;
}

function only(path: string, text: string): Read {
  const { findings } = parseManifestFile(path, text);
  const [finding, ...more] = findings.filter(({ message }) => !message.includes('never closed'));
  assert.ok(finding !== undefined, 'nothing is found');
  assert.deepEqual(
    more.map(({ message }) => message),
    [],
    finding.message,
  );
  const lines = lineIndex(text);
  const token = text.slice(lines.offsetAt(finding.range.start), lines.offsetAt(finding.range.end));
  return { finding, token };
}

function manifest(kind: string, spec: string): string {
  return `apiVersion: identity-as-code/v1\nkind: ${kind}\nmetadata: { name: x, annotations: { note: 🙂 } }\nspec: ${spec}\n`;
}

describe('mistakes in manifests of each kind', () => {
  for (const [kind, marked, rule, fixed] of MISTAKES) {
    const token = /«(.*)»/.exec(marked)?.[1] ?? '';
    const text = manifest(kind, marked.replace(/[«»]/g, ''));
    const places: Readonly<Record<string, string>> = {
      alone: text,
      'in CRLF': text.replaceAll('\n', '\r\n'),
      'on a line with 🙂': text.replace('spec: {', 'spec: { # 🙂\n  '),
      'beside a half-typed document': `${text}---\napiVersion: identity-as-code/v1\nkind: Certificate\nmetadata: { name: "half\n`,
    };
    it(`${kind}: ${marked}`, () => {
      for (const [where, each] of Object.entries(places)) {
        const read = only('a.identity.yaml', each);
        assert.deepEqual([read.finding.rule, read.token], [`manifest/${rule}`, token], where);
        assert.ok(read.finding.message.length <= 160, read.finding.message);
        const preferred = read.finding.fixes.find((fix) => fix.preferred);
        assert.equal(preferred?.edits[0]?.newText, fixed, read.finding.message);
      }
      if (fixed === undefined) return;
      const repaired = manifest(kind, marked.replace(/«.*»/, fixed));
      assert.deepEqual(parseManifestFile('a.identity.yaml', repaired).findings, []);
    });
  }

  it('have a right fix that is preferred for three of four', () => {
    const withFix = MISTAKES.filter(([, , , fixed]) => fixed !== undefined);
    assert.ok(withFix.length / MISTAKES.length >= 0.75);
  });
});
