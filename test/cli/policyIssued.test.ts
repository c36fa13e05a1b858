/** What policies ask of credentials that were issued is told from the record, by what stands in them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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
    assert.match(
      out,
      /certificate\/issued-not-allowed {2}unknown\n[\s\S]*nothing that was issued for it is in use/,
    );
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

  it('are not told of a leaf whose chain nobody has, where it is the chain that is asked about', async () => {
    const mine = sandbox();
    try {
      const at = (file: string): string => path.join(mine.folder, file);
      const openssl = (...args: readonly string[]): void =>
        void execFileSync('openssl', args, { cwd: mine.folder, stdio: 'ignore' });
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90'];
      openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=Test Internal');
      const leaf = ['-keyout', 'web.key', '-out', 'web.pem', '-subj', '/CN=web.example.com'];
      const extensions = ['basicConstraints=CA:FALSE', 'subjectAltName=DNS:web.example.com'];
      const added = extensions.flatMap((each) => ['-addext', each]);
      openssl('req', '-x509', '-CA', 'ca.crt', '-CAkey', 'ca.key', ...key, ...leaf, ...added);
      const adopted = await mine.idac(['adopt', 'web.pem']);
      assert.equal(adopted.code, 0, adopted.err);
      const [, name = ''] = /(Certificate\/default\/[\w.-]+)/.exec(adopted.out) ?? [];
      const outside = at('../issued-leaf.identity.yaml');
      const state = async (text: string) => {
        writeFileSync(outside, text);
        const { data } = await mine.json(['report', '--pack', outside]);
        const { controls } = data as unknown as {
          readonly controls: readonly { readonly evidence: readonly { state: string; why?: string }[] }[];
        };
        const { out } = await mine.idac(['policy', 'explain', name, '--policy', outside]);
        const [evidence] = controls[0]?.evidence ?? [];
        return [evidence?.state, evidence?.why, /issued-not-allowed {2}(\w+)/.exec(out)?.[1]];
      };
      const asking = (what: string): string =>
        `${HEAD}\nkind: Policy\nmetadata: { name: issued }\nspec: { rules: { certificate/issued-not-allowed: { ${what} } } }\n`;
      const why = 'the record has no chain of the certificate, so nobody can say where it leads';
      assert.deepEqual(await state(asking('roots: { allow: ["CN=Another*"] }')), ['unknown', why, 'unknown']);
      assert.deepEqual(await state(asking('nameConstraints: true')), ['unknown', why, 'unknown']);
      // What the leaf itself shows is told.
      assert.deepEqual(await state(asking('authority: false')), ['kept', undefined, 'kept']);
      const digest = 'roots: { allow: ["CN=Another*"] }, signatureAlgorithms: { allow: [ECDSA-SHA384] }';
      assert.deepEqual(await state(asking(digest)), ['broken', undefined, 'not']);
      // What is excepted stays in the evidence, whatever else nobody knows.
      const waiver = `{ rule: certificate/issued-not-allowed, identities: [${name}], owner: shop, reason: the authority is being replaced, until: "2099-01-01" }`;
      writeFileSync(
        at('waivers.identity.yaml'),
        `${HEAD}\nkind: Policy\nmetadata: { name: waivers }\nspec: { waivers: [${waiver}] }\n`,
      );
      assert.deepEqual((await state(asking(digest))).slice(0, 2), ['excepted', undefined]);
    } finally {
      mine.remove();
    }
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
