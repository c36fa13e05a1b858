import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const WEB = 'Certificate/shop/web';

/** A server that takes any token and counts what it is asked: whoever contacts it is seen. */
function countingServer(): Promise<{ server: Server; address: string; asked: () => readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const knows = request.url?.endsWith('/auth/token/lookup-self') === true;
    response.writeHead(knows ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        knows
          ? { data: { ttl: 3600, renewable: false, policies: ['default'], path: 'auth/token' } }
          : { errors: [] },
      ),
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ server, address: `http://127.0.0.1:${port}`, asked: () => asked });
    });
  });
}

const manifest = (issuer: string, duration: string): string => `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web, namespace: shop, labels: { exposure: external } }
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [serverAuth]
  dnsNames: [shop.example.com]
  issuer: ${issuer}
  duration: ${duration}
  deliverTo:
    - { backend: local-ca, path: tls/web.pem, contents: [chain] }
    - { backend: local-ca, path: tls/web.key.pem, contents: [privateKey] }
`;

const POLICY = `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: external-tls }
spec:
  selector: { matchLabels: { exposure: external } }
  rules:
    certificate/validity-too-long: { severity: error, maximum: 47d }
`;

interface Refused {
  readonly refused: boolean;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
  readonly against: readonly {
    readonly rule: string;
    readonly file: string;
    readonly line: number;
    readonly policy: {
      readonly name: string;
      readonly origin: string;
      readonly file: string;
      readonly line: number;
    };
  }[];
}

function snapshot(folder: string): Readonly<Record<string, string>> {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}

describe('an action that a policy forbids', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  let counting: Awaited<ReturnType<typeof countingServer>>;
  const write = (file: string, text: string): void => writeFileSync(path.join(place.folder, file), text);
  const refused = async (...args: readonly string[]): Promise<Refused> => {
    const { code, data } = await place.json(args);
    assert.equal(code, 1);
    return data as unknown as Refused;
  };

  beforeEach(async () => {
    place = sandbox();
    counting = await countingServer();
    write(
      'backends.identity.yaml',
      `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec: { type: local, owner: { team: platform } }
---
apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: vault-prod }
spec:
  type: vault
  owner: { team: platform }
  address: ${counting.address}
  auth: { method: token }
  pki: { mount: pki, role: web }
`,
    );
    write('.gitignore', '*.key.pem\n');
  });
  afterEach(() => {
    counting.server.close();
    place.remove();
  });

  it('is refused with the rule, the policy and its line, before the backend is contacted', async () => {
    write('web.identity.yaml', manifest('vault-prod', '90d'));
    const token = path.join(place.stateHome, '..', 'token');
    writeFileSync(token, 'a-token');
    const login = await place.idac(['login', 'vault-prod', '--yes', '--field-file', `token=${token}`]);
    assert.equal(login.code, 0, login.err);
    // Without the policy the backend is asked: the count tells.
    const before = counting.asked().length;
    await place.idac(['issue', WEB, '--plan']);
    assert.ok(counting.asked().length > before, 'a plan without the policy contacts the backend');

    write('policies.identity.yaml', POLICY);
    const quiet = counting.asked().length;
    const files = snapshot(path.dirname(place.folder));
    for (const args of [
      ['issue', WEB, '--plan'],
      ['issue', WEB, '--yes'],
      ['rotate', WEB, '--yes'],
    ]) {
      const { code, what, against } = await refused(...args);
      assert.equal(code, 'refused/policy');
      assert.match(what, /web\.identity\.yaml:9: .*47d is the longest allowed/);
      assert.match(
        what,
        /\(policy external-tls\)\. The policy says so at policies\.identity\.yaml:7 \(certificate\/validity-too-long\)/,
      );
      assert.deepEqual(
        against.map(({ rule, file, line, policy }) => [rule, file, line, policy]),
        [
          [
            'certificate/validity-too-long',
            'web.identity.yaml',
            9,
            { name: 'external-tls', origin: 'project', file: 'policies.identity.yaml', line: 7 },
          ],
        ],
      );
    }
    assert.deepEqual(counting.asked().slice(quiet), []);
    assert.deepEqual(snapshot(path.dirname(place.folder)), files);
  });

  const DEFAULTS = `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: shop }
spec: { selector: { matchNamespaces: [shop] }, defaults: { duration: 20d, keyAlgorithm: RSA-3072 } }
`;

  it('is made with what policies fill in, and judged by it', async () => {
    write('web.identity.yaml', manifest('local-ca', '90d').replace('  duration: 90d\n', ''));
    write('defaults.identity.yaml', DEFAULTS);
    write('policies.identity.yaml', POLICY.replace('47d', '10d'));
    const { what } = await refused('issue', WEB, '--yes');
    assert.match(what, /It is valid for 20d by default of policy shop, and 10d is the longest allowed/);
    write('policies.identity.yaml', POLICY);
    const issued = await place.idac(['issue', WEB, '--yes']);
    assert.equal(issued.code, 0, issued.err);
    const certificate = new X509Certificate(readFileSync(path.join(place.folder, 'tls/web.pem')));
    const lasts = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
    assert.ok(Math.abs(lasts - 20 * 86_400_000) < 3_600_000, `${lasts}`);
    assert.equal(certificate.publicKey.asymmetricKeyType, 'rsa');
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 3072);
    // Another default is another credential.
    write('defaults.identity.yaml', DEFAULTS.replace('20d', '30d'));
    const { data } = await place.json(['inventory']);
    assert.match(JSON.stringify(data), /outOfDate/);
  });

  it('is refused while policies fill in different values, whoever ignores it', async () => {
    write(
      'web.identity.yaml',
      manifest('local-ca', '90d')
        .replace('  duration: 90d\n', '')
        .replace('spec:', '# idac-ignore policy/conflicting-defaults until 2099-01-01: we know\nspec:'),
    );
    write(
      'defaults.identity.yaml',
      `${DEFAULTS}---\n${DEFAULTS.replace('name: shop', 'name: other').replace('20d', '30d')}`,
    );
    const { code, what } = await refused('issue', WEB, '--yes');
    assert.equal(code, 'refused/policy');
    assert.match(what, /Policies fill in different values for spec\.duration \(shop, other\); write it here/);
    assert.ok(!existsSync(path.join(place.folder, 'tls')));
    write('web.identity.yaml', manifest('local-ca', '90d'));
    assert.equal((await place.idac(['issue', WEB, '--plan'])).code, 0);
  });

  it('runs once the manifest keeps the limit, and a warning forbids nothing', async () => {
    write('policies.identity.yaml', POLICY.replace('severity: error', 'severity: warning'));
    write('web.identity.yaml', manifest('local-ca', '90d'));
    assert.equal((await place.idac(['issue', WEB, '--yes'])).code, 0);
    write('policies.identity.yaml', POLICY);
    assert.equal((await refused('renew', WEB, '--yes')).code, 'refused/policy');
    write('web.identity.yaml', manifest('local-ca', '47d'));
    const renewed = await place.idac(['renew', WEB, '--yes']);
    assert.equal(renewed.code, 0, renewed.err);
  });

  it('is not one that ends a credential: what was lost is revoked, whatever policies say', async () => {
    write('web.identity.yaml', manifest('local-ca', '90d'));
    assert.equal((await place.idac(['issue', WEB, '--yes'])).code, 0);
    write('policies.identity.yaml', POLICY);
    const revoked = await place.idac(['revoke', WEB, '--yes', '--reason', 'keyCompromise']);
    assert.equal(revoked.code, 0, revoked.err);
    const destroyed = await place.idac(['destroy', WEB, '--yes']);
    assert.equal(destroyed.code, 0, destroyed.err);
  });

  it('is refused on the days on which a policy wants nothing replaced', async () => {
    write('web.identity.yaml', manifest('local-ca', '30d'));
    const today = new Date().toISOString().slice(0, 10);
    write(
      'policies.identity.yaml',
      POLICY.replace(
        'certificate/validity-too-long: { severity: error, maximum: 47d }',
        `renewal/blackout: { windows: [{ from: "${today}", to: "${today}", reason: quarter end }] }`,
      ),
    );
    const { code, what } = await refused('issue', WEB, '--yes');
    assert.equal(code, 'refused/policy');
    assert.match(what, /Nothing is replaced .*quarter end/);
  });

  it('is refused for a built-in rule that a policy makes an error', async () => {
    write(
      'web.identity.yaml',
      manifest('local-ca', '30d').replace('  owner: { team: shop, contact: shop@example.com }\n', ''),
    );
    assert.equal((await place.idac(['issue', WEB, '--plan'])).code, 0);
    write(
      'policies.identity.yaml',
      POLICY.replace(
        'certificate/validity-too-long: { severity: error, maximum: 47d }',
        'owner/missing: { severity: error }',
      ),
    );
    const { code, against } = await refused('issue', WEB, '--yes');
    assert.equal(code, 'refused/policy');
    assert.deepEqual(
      against.map(({ rule }) => rule),
      ['owner/missing'],
    );
  });

  it('is refused for each that breaks it, and the others run', async () => {
    write('web.identity.yaml', manifest('local-ca', '90d'));
    write(
      'ok.identity.yaml',
      manifest('local-ca', '40d').replace('name: web,', 'name: ok,').replaceAll('tls/web', 'tls/ok'),
    );
    write('policies.identity.yaml', POLICY);
    const { code, data } = await place.json(['issue', '-l', 'exposure=external', '--yes']);
    assert.equal(code, 1);
    assert.equal((data['results'] as unknown[]).length, 1);
    assert.deepEqual(
      (data['refused'] as Refused[]).map((each) => each.code),
      ['refused/policy'],
    );
  });

  it('is refused where a policy, or a rule of it, cannot be read: what it asks is not known', async () => {
    write('web.identity.yaml', manifest('local-ca', '30d'));
    write('policies.identity.yaml', POLICY.replace('maximum: 47d', 'maximum: often'));
    const damaged = await refused('issue', WEB, '--yes');
    assert.equal(damaged.code, 'refused/policy');
    assert.match(damaged.what, /policy external-tls at policies\.identity\.yaml:3 cannot be read/);
    write(
      'policies.identity.yaml',
      POLICY.replace(
        / {2}rules:[\s\S]*$/,
        "  customRules:\n    - { id: on-call, expression: 'identity.spec.owner.contact !=', message: name who is on call }\n",
      ),
    );
    const unread = await refused('issue', WEB, '--yes');
    assert.equal(unread.code, 'refused/policy');
    assert.match(
      unread.what,
      /cannot be read, so whether it is kept is not known.*policies\.identity\.yaml:7/,
    );
    write('policies.identity.yaml', POLICY);
    assert.equal((await place.idac(['issue', WEB, '--plan'])).code, 0);
  });

  it('runs where a waiver in force excepts it, and the plan names the waiver', async () => {
    write('web.identity.yaml', manifest('local-ca', '90d'));
    const waived = (until: string): string =>
      `${POLICY}  waivers:
    - rule: certificate/validity-too-long
      identities: [${WEB}]
      owner: payments
      reason: the partner takes one a quarter
      until: "${until}"
`;
    write('policies.identity.yaml', waived('2020-01-01'));
    assert.equal((await refused('issue', WEB, '--plan')).code, 'refused/policy');
    write('policies.identity.yaml', waived('2099-01-01'));
    const { code, data } = await place.json(['issue', WEB, '--plan']);
    assert.equal(code, 0);
    assert.match(
      String((data['warnings'] as readonly string[])[0]),
      /47d is the longest allowed .* Excepted until 2099-01-01 by a waiver of payments \(certificate\/validity-too-long, policies\.identity\.yaml:9\): The partner takes one a quarter\./,
    );
    assert.equal((await place.idac(['issue', WEB, '--yes'])).code, 0);
  });

  it('cannot be ignored away where the policy says so', async () => {
    write(
      'web.identity.yaml',
      manifest('local-ca', '90d').replace(
        '  duration: 90d',
        '  # idac-ignore certificate/validity-too-long until 2099-01-01: partner needs it\n  duration: 90d',
      ),
    );
    write('policies.identity.yaml', POLICY);
    const ignored = await place.idac(['issue', WEB, '--plan']);
    assert.equal(ignored.code, 0, ignored.err);
    write('policies.identity.yaml', POLICY.replace('maximum: 47d', 'maximum: 47d, waivable: false'));
    assert.equal((await refused('issue', WEB, '--plan')).code, 'refused/policy');
    const { data } = await place.json(['check', '--no-scan']);
    assert.ok(
      (data['findings'] as { rule: string; policy?: { binding: boolean } }[]).some(
        ({ rule, policy }) => rule === 'certificate/validity-too-long' && policy?.binding === true,
      ),
    );
  });
});
