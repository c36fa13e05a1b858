import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { vaultManifest } from '../support/vaultProject.ts';
import { present } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import { startFaultyProxy } from './faultyProxy.ts';
import {
  appRole,
  documentedPolicy,
  needsOpenBao,
  type OpenBao,
  setUp,
  startOpenBao,
} from './openbaoServer.ts';
import { openBench } from './vaultContext.ts';

interface Check {
  readonly step: number | null;
  readonly what: string;
  readonly outcome: string;
  readonly detail: string;
  readonly hint?: string;
}

/** The documented policy without one capability of one of its paths. */
function without(rule: string, capability: string): string {
  const lines = documentedPolicy().split('\n');
  const at = lines.findIndex((line) => line.startsWith(`path "${rule}"`));
  const found = present(lines[at], rule);
  const less = found.replace(new RegExp(`"${capability}"(, )?`), '').replace(', ]', ']');
  assert.notEqual(less, found, `${rule} has no ${capability}`);
  // A rule without capabilities is written as a refusal.
  lines[at] = less.replace('[]', '["deny"]');
  return lines.join('\n');
}

describe('what a login at a real OpenBao may not do is told before the action', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let place: Sandbox;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    place = sandbox();
    writeFileSync(
      path.join(place.folder, 'vault.identity.yaml'),
      vaultManifest(bao.address, 'preflight', '  tokens: { method: approle, role: checkout }\n') +
        `---
apiVersion: identity-as-code/v1
kind: Token
metadata: { name: deploy }
spec:
  owner: { team: payments, contact: payments@example.com }
  issuer: vault-prod
  format: opaque
  duration: 10d
  deliverTo:
    - { backend: vault-prod, path: tokens/deploy, contents: [token] }
`,
    );
    const ids = await appRole(bao);
    const secret = path.join(path.dirname(place.folder), 'secret-id');
    writeFileSync(secret, ids.secret_id);
    const given = ['--field', `role_id=${ids.role_id}`, '--field-file', `secret_id=${secret}`];
    const ran = await place.idac(['login', 'vault-prod', '--yes', ...given]);
    assert.equal(ran.code, 0, ran.err);
  });
  after(() => {
    place?.remove();
    bao?.stop();
  });
  const policy = (text: string) => bao.root('POST', 'sys/policies/acl/idac', { policy: text });
  afterEach(() => policy(documentedPolicy()));

  /** What clients asked the server to change since then, by its own audit log. */
  const changesSince = (length: number): readonly string[] =>
    readFileSync(bao.auditLog, 'utf8')
      .slice(length)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { type: string; request: { operation: string; path: string } })
      .filter(({ type, request }) => type === 'request' && !['read', 'list'].includes(request.operation))
      .map(({ request }) => `${request.operation} ${request.path}`)
      .filter(
        (call) => !/ (sys\/capabilities-self|auth\/approle\/login|auth\/token\/revoke-self)$/.test(call),
      );
  const auditLength = () => readFileSync(bao.auditLog, 'utf8').length;

  /** `--plan` tells it, `--yes` refuses, and the server was asked to change nothing. */
  async function isDenied(
    args: readonly string[],
    rule: string,
    capability: string,
    lacks: RegExp,
  ): Promise<void> {
    await policy(without(rule, capability));
    const before = auditLength();
    const planned = await place.json([...args, '--plan']);
    const checks = planned.data['preflight'] as readonly Check[];
    const failed = (checks ?? []).filter(({ outcome }) => outcome === 'failed');
    assert.equal(planned.code, 1, planned.out);
    assert.ok(failed.length > 0, planned.out);
    for (const each of failed) {
      assert.match(each.detail, lacks);
      assert.ok(each.step !== null && each.hint, each.detail);
    }
    const run = await place.json([...args, '--yes']);
    assert.equal(run.code, 1, run.out);
    assert.equal(run.data['code'], 'refused/preflight', run.out);
    assert.match(String(run.data['what']), lacks);
    assert.match(String(run.data['what']), /Nothing was changed\./);
    assert.deepEqual(changesSince(before), []);
  }

  const CERTIFICATE = 'Certificate/payments/api';
  it('issue: each right that it needs, one after the other', async () => {
    const issue = ['issue', CERTIFICATE];
    await isDenied(issue, 'pki/sign/payments', 'update', /pki\/sign\/payments \(update\)/);
    await isDenied(issue, 'transit/keys/idac-*', 'update', /transit\/keys\/idac-\S+ \(update\)/);
    await isDenied(issue, 'transit/sign/idac-*', 'update', /transit\/sign\/idac-\S+ \(update\)/);
    await isDenied(
      issue,
      'secret/data/idac/payments/*',
      'create',
      /secret\/data\/idac\/payments\/\S+ \(create\)/,
    );
    await isDenied(issue, 'pki/cert/*', 'read', /pki\/cert\/\S+ \(read\)/);
  });

  it('a token: the role of its issuer', () =>
    isDenied(
      ['issue', 'Token/deploy'],
      'auth/approle/role/checkout/secret-id',
      'update',
      /checkout\/secret-id \(update\)/,
    ));

  it('with all of them it finds nothing against the plan, and changes nothing', async () => {
    const before = auditLength();
    const { code, data, out } = await place.json(['issue', CERTIFICATE, '--plan']);
    assert.equal(code, 0, out);
    const checks = data['preflight'] as readonly Check[];
    assert.deepEqual(
      checks.filter(({ outcome }) => outcome === 'failed'),
      [],
    );
    assert.ok(checks.some(({ what, outcome }) => what === 'budget' && outcome === 'unknown'));
    assert.ok(checks.some(({ what, outcome }) => what === 'role' && outcome === 'ok'));
    assert.deepEqual(checks.at(-1)?.outcome, 'person');
    assert.deepEqual(changesSince(before), []);
    const text = await place.idac(['issue', CERTIFICATE, '--plan']);
    assert.match(text.out, /Checked before/);
    const issued = await place.json(['issue', CERTIFICATE, '--yes']);
    assert.equal(issued.code, 0, issued.out);
  });

  it('renew, rotate, revoke and destroy of what stands', async () => {
    await isDenied(['rotate', CERTIFICATE], 'pki/sign/payments', 'update', /pki\/sign\/payments \(update\)/);
    await isDenied(['renew', CERTIFICATE], 'pki/sign/payments', 'update', /pki\/sign\/payments \(update\)/);
    await isDenied(['revoke', CERTIFICATE], 'pki/revoke', 'update', /pki\/revoke \(update\)/);
    await isDenied(
      ['destroy', CERTIFICATE],
      'transit/keys/idac-*',
      'delete',
      /transit\/keys\/\S+ \(delete\)/,
    );
    await isDenied(
      ['destroy', CERTIFICATE],
      'secret/destroy/payments/*',
      'update',
      /secret\/destroy\/\S+ \(update\)/,
    );
  });

  it('a role that gives less than is declared', async () => {
    const bench = await openBench(bao);
    try {
      const [role] = (
        await present(bench.backend.permits, 'permits')(
          [
            {
              role: 'CertificateAuthority',
              verb: 'issue',
              algorithm: 'ECDSA-P256',
              durationSeconds: 800 * 3600,
              request: {
                kind: 'Certificate',
                names: { dnsNames: ['api.example.com'], ipAddresses: [], uris: [], emailAddresses: [] },
                usages: ['serverAuth'],
              },
            },
          ],
          SIGNAL,
        )
      ).filter(({ what }) => what === 'role');
      assert.equal(role?.allowed, false);
      assert.match(String(role?.detail), /gives at most/);
    } finally {
      await bench.cleanup();
    }
  });

  it('renewals that are due are tried and told, though a look said no', async () => {
    const box = sandbox();
    try {
      writeFileSync(
        path.join(box.folder, 'vault.identity.yaml'),
        vaultManifest(bao.address, 'due').replace(
          'duration: 20d',
          'duration: 2h\n  renewal: { before: 1h59m40s }',
        ),
      );
      const ids = await appRole(bao);
      const secret = path.join(path.dirname(box.folder), 'secret-id');
      writeFileSync(secret, ids.secret_id);
      const given = ['--field', `role_id=${ids.role_id}`, '--field-file', `secret_id=${secret}`];
      assert.equal((await box.idac(['login', 'vault-prod', '--yes', ...given])).code, 0);
      assert.equal((await box.idac(['issue', CERTIFICATE, '--yes'])).code, 0);
      await policy(without('pki/sign/payments', 'update'));
      await box.idac(['doctor']);
      const listed = (await box.json(['inventory'])).data;
      const [row] = listed['identities'] as {
        state: string;
        verbs: string[];
        denied?: { verb: string }[];
      }[];
      assert.equal(row?.state, 'due', JSON.stringify(row));
      assert.ok(row.denied?.some(({ verb }) => verb === 'renew') && !row.verbs.includes('renew'));
      const run = await box.json(['renew', '--due', '--yes']);
      const refused = run.data['refused'] as { code: string }[];
      assert.deepEqual([run.code, refused.map(({ code }) => code)], [1, ['refused/preflight']], run.out);
    } finally {
      box.remove();
    }
  });

  it('a login that may not ask what it may do is stopped by nothing that is not known', async () => {
    const rules = documentedPolicy()
      .concat('\npath "auth/token/lookup-self" { capabilities = ["read"] }')
      .concat('\npath "sys/internal/ui/mounts/*" { capabilities = ["read"] }');
    await bao.root('POST', 'sys/policies/acl/silent', { policy: rules });
    const made = await bao.root('POST', 'auth/token/create', {
      policies: ['silent'],
      no_default_policy: true,
      ttl: '1h',
    });
    const { client_token: token } = made['auth'] as { client_token: string };
    const bench = await openBench(bao, { auth: { method: 'token' } }, { token });
    try {
      const answers = await present(bench.backend.permits, 'permits')(
        [{ role: 'CertificateAuthority', verb: 'revoke' }],
        SIGNAL,
      );
      assert.deepEqual(
        answers.map(({ what, allowed }) => [what, allowed]),
        [['rights of the login', 'unknown']],
      );
      assert.match(answers[0]?.hint ?? '', /policy `default`/);
      await present(bench.backend.targets?.['kv'], 'kv').preflight(
        { path: 'app', contents: ['chain'] },
        SIGNAL,
      );
    } finally {
      await bench.cleanup();
    }
  });

  it('asks once for many, and tells the rate limit where the server does', async () => {
    const proxy = await startFaultyProxy(bao.address);
    await bao.root('POST', 'sys/quotas/config', { enable_rate_limit_response_headers: true });
    await bao.root('POST', 'sys/quotas/rate-limit/all', { rate: 1000 });
    const bench = await openBench(bao, { address: proxy.address });
    try {
      const permits = present(bench.backend.permits, 'permits');
      proxy.calls.length = 0;
      for (let machine = 0; machine < 5; machine += 1) {
        const answers = await permits(
          [
            { role: 'CertificateAuthority', verb: 'issue' },
            { role: 'CertificateAuthority', verb: 'revoke' },
          ],
          SIGNAL,
        );
        const budget = answers.find(({ what }) => what === 'budget');
        assert.match(String(budget?.detail), /of 1000 calls/);
      }
      assert.deepEqual([...proxy.calls].sort(), [
        'GET /v1/pki/roles/payments',
        'POST /v1/sys/capabilities-self',
      ]);
    } finally {
      await bench.cleanup();
      proxy.stop();
      await bao.root('DELETE', 'sys/quotas/rate-limit/all');
    }
  });
});
