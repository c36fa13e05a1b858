/** What policies ask of credentials that were issued is told from the record, by what stands in them. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const HEAD = 'apiVersion: identity-as-code/v1';
const MANIFESTS = `${HEAD}
kind: Backend
metadata: { name: local-ca }
spec: { type: local, owner: { team: platform }, authority: { commonName: Test Internal } }
---
${HEAD}
kind: Certificate
metadata: { name: web }
spec:
  owner: { team: shop }
  dnsNames: [shop.example.com]
  issuer: local-ca
  deliverTo:
    - { backend: local-ca, path: tls/web.pem, contents: [chain] }
    - { backend: local-ca, path: tls/web.key.pem, contents: [privateKey] }
---
${HEAD}
kind: SshCertificate
metadata: { name: deploy }
spec:
  owner: { team: shop }
  type: user
  principals: [deploy]
  issuer: local-ca
  duration: 2d
  deliverTo:
    - { backend: local-ca, path: ssh/deploy-cert.pub, contents: [certificate] }
    - { backend: local-ca, path: ssh/deploy.key.pem, contents: [privateKey] }
`;
const policy = (signatures: string, roots: string, keys: string): string => `${HEAD}
kind: Policy
metadata: { name: issued }
spec:
  rules:
    certificate/issued-not-allowed:
      signatureAlgorithms: { allow: [${signatures}] }
      authority: false
      roots: { allow: [${roots}] }
    ssh/authority-not-allowed: { severity: warning, keys: { allow: [${keys}] } }
`;
const KEPT = policy('ECDSA-SHA256', '"CN=Test Internal*"', 'Ed25519');
const BROKEN = policy('ECDSA-SHA384', '"CN=Another*"', 'ECDSA-P256');

describe('policies about what was issued', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const write = (file: string, text: string): void => writeFileSync(path.join(place.folder, file), text);
  before(async () => {
    place = sandbox();
    write('.gitignore', '*.key.pem\n');
    write('manifests.identity.yaml', MANIFESTS);
    write('policy.identity.yaml', BROKEN);
    const { out } = await place.idac(['policy', 'explain', 'Certificate/default/web']);
    assert.match(out, /certificate\/issued-not-allowed {2}unknown: nothing that was issued is in use/);
    // What is not issued yet is not refused for what nobody can know.
    for (const name of ['Certificate/default/web', 'SshCertificate/default/deploy']) {
      const { code, err } = await place.idac(['issue', name, '--yes']);
      assert.equal(code, 0, err);
    }
  });
  after(() => place.remove());

  interface Found {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly range: { readonly start: { readonly line: number } };
    readonly policy?: { readonly name: string; readonly file: string };
    readonly related: readonly { readonly message: string }[];
  }
  const found = async (): Promise<readonly Found[]> => {
    const { data } = await place.json(['check']);
    const { findings } = data as unknown as { readonly findings: readonly Found[] };
    return findings.filter(({ rule }) => /issued-not-allowed|authority-not-allowed/.test(rule));
  };

  it('are judged by what stands in it, at the name of the identity and with the line of the policy', async () => {
    const all = await found();
    assert.deepEqual(
      all.map(({ rule, severity, message, range }) => [rule, severity, range.start.line, message]),
      [
        [
          'certificate/issued-not-allowed',
          'error',
          8,
          'the signature algorithm of the certificate "ECDSA-SHA256" is not allowed; "ECDSA-SHA384" is (policy issued)',
        ],
        [
          'certificate/issued-not-allowed',
          'error',
          8,
          'its chain leads to CN=Test Internal Root CA, which is not allowed (policy issued)',
        ],
        [
          'ssh/authority-not-allowed',
          'warning',
          19,
          'the authority key of the certificate "Ed25519" is not allowed; "ECDSA-P256" is (policy issued)',
        ],
      ],
    );
    for (const { policy: source, related } of all) {
      assert.equal(source?.file, 'policy.identity.yaml');
      assert.deepEqual(
        related.map(({ message }) => message),
        ['policy issued asks for it'],
      );
    }
    const { out } = await place.idac(['policy', 'explain', 'Certificate/default/web']);
    assert.match(out, /certificate\/issued-not-allowed {2}not kept/);
  });

  it('are reported on by what is in use, and what was never issued is not taken for kept', async () => {
    const outside = path.join(place.folder, '..', 'issued.identity.yaml');
    const report = async (text: string) => {
      writeFileSync(outside, text);
      const { data } = await place.json(['report', '--pack', outside]);
      const { controls } = data as unknown as {
        readonly controls: readonly {
          readonly rule: string;
          readonly state: string;
          readonly evidence: readonly { readonly identity: string; readonly state: string }[];
        }[];
      };
      return controls.map(({ rule, state, evidence }) => [
        rule,
        state,
        evidence.map((each) => `${each.identity} ${each.state}`).join(),
      ]);
    };
    write('policy.identity.yaml', '');
    write(
      'other.identity.yaml',
      `${HEAD}\nkind: Certificate\nmetadata: { name: other }\nspec: { owner: { team: shop }, dnsNames: [b.example.com], issuer: local-ca }\n`,
    );
    const [other, web, deploy] = [
      'Certificate/default/other unknown',
      'Certificate/default/web',
      'SshCertificate/default/deploy',
    ];
    assert.deepEqual(await report(KEPT), [
      ['certificate/issued-not-allowed', 'unknown', `${other},${web} kept,${deploy} kept`],
      ['ssh/authority-not-allowed', 'kept', `${other.replace('unknown', 'kept')},${web} kept,${deploy} kept`],
    ]);
    assert.deepEqual(
      (await report(BROKEN)).map(([, state, evidence]) => [state, evidence]),
      [
        ['broken', `${other},${web} broken,${deploy} kept`],
        ['broken', `${other.replace('unknown', 'kept')},${web} kept,${deploy} broken`],
      ],
    );
    rmSync(path.join(place.folder, 'other.identity.yaml'));
  });

  it('from outside are as grave as the rule, whatever the project makes of its own', async () => {
    const outside = path.join(place.folder, '..', 'issued.identity.yaml');
    writeFileSync(outside, policy('ECDSA-SHA256', '"CN=Another*"', 'Ed25519'));
    write(
      'policy.identity.yaml',
      `${HEAD}
kind: Policy
metadata: { name: lax }
spec: { rules: { certificate/issued-not-allowed: { severity: info, maximumPathLength: 10 } } }
`,
    );
    const { data } = await place.json(['check', '--policy', outside]);
    const { findings } = data as unknown as { readonly findings: readonly Found[] };
    assert.deepEqual(
      findings.filter(({ rule }) => rule.includes('issued')).map(({ severity }) => severity),
      ['error'],
    );
  });

  it('say nothing where it is as they want it', async () => {
    write('policy.identity.yaml', KEPT);
    assert.deepEqual(await found(), []);
  });
});
