import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CertificateRequest, IssuedCertificate } from '../../server/src/backends/contract.ts';
import { buildCertificateRequest } from '../../server/src/core/credential/build/certificateRequest.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { sshKeyLine } from '../../server/src/core/credential/ssh/encodePublicKey.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { present, rejectsWith, serialOf } from './contract/expectations.ts';
import { named, newRequest, SIGNAL } from './contract/requests.ts';
import { newSshRequest } from './contract/sshRequests.ts';
import { testClock } from './localContext.ts';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';
import { openBench, type VaultBench } from './vaultContext.ts';

describe('backend vault, judged by others', function () {
  this.timeout(120_000);
  let bao: OpenBao;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
  });
  after(() => bao?.stop());
  const benches: VaultBench[] = [];
  afterEach(async () => {
    for (const bench of benches.splice(0)) await bench.cleanup();
  });
  async function openHere(
    change: Parameters<typeof openBench>[1] = {},
    values?: Readonly<Record<string, string>>,
    more: Parameters<typeof openBench>[3] = {},
  ) {
    const bench = await openBench(bao, change, values, more);
    benches.push(bench);
    const run = (program: string, ...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(program, args, { cwd: bench.folder, encoding: 'utf8' });
      return { status, output: `${stdout}${stderr}` };
    };
    const put = (name: string, content: Uint8Array | string): string => {
      writeFileSync(path.join(bench.folder, name), content);
      return name;
    };
    const authority = bench.backend.authority;
    const issue = async (request: CertificateRequest): Promise<IssuedCertificate> => {
      const outcome = await present(authority, 'pki').issue(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      return outcome.made;
    };
    return { ...bench, run, put, issue };
  }
  const pem = (...certificates: readonly (Uint8Array | undefined)[]): string =>
    certificates.map((der) => encodePem('CERTIFICATE', present(der, 'a certificate'))).join('');

  /** An issuing CA below the root of `pki`, in a mount of its own. */
  async function intermediate(): Promise<string> {
    const mount = `pki-${crypto.randomUUID()}`;
    await bao.root('POST', `sys/mounts/${mount}`, { type: 'pki', config: { max_lease_ttl: '43800h' } });
    const generated = await bao.root('POST', `${mount}/intermediate/generate/internal`, {
      common_name: 'Issuing',
      key_type: 'ec',
    });
    const { csr } = generated['data'] as { csr: string };
    const signed = await bao.root('POST', 'pki/root/sign-intermediate', {
      csr,
      ttl: '43800h',
      use_csr_values: true,
    });
    const { certificate, ca_chain: chain } = signed['data'] as { certificate: string; ca_chain: string[] };
    await bao.root('POST', `${mount}/intermediate/set-signed`, {
      certificate: [certificate, ...chain].join('\n'),
    });
    await bao.root('POST', `${mount}/roles/payments`, {
      allow_any_name: true,
      key_type: 'any',
      max_ttl: '720h',
      require_cn: false,
      allowed_uri_sans: ['*'],
    });
    return mount;
  }

  it('gives chains that openssl verifies up to the root, and nothing but what was asked for', async () => {
    const mount = await intermediate();
    const { issue, run, put } = await openHere(
      { auth: { method: 'token' }, pki: { mount, role: 'payments' } },
      { token: 'root' },
    );
    const { request } = await newRequest({
      names: {
        dnsNames: ['api.example.com', '*.example.com'],
        ipAddresses: ['192.0.2.7', '2001:db8::7'],
        uris: ['spiffe://example.com/api'],
        emailAddresses: ['api@example.com'],
      },
    });
    const { chain, root } = await issue(request);
    assert.equal(chain.length, 2);
    put('leaf.pem', pem(chain[0]));
    put('issuing.pem', pem(chain[1]));
    put('root.pem', pem(root));
    const verified = run(
      'openssl',
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      'api.example.com',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'issuing.pem',
      'leaf.pem',
    );
    assert.equal(verified.status, 0, verified.output);
    const { output } = run('openssl', 'x509', '-in', 'leaf.pem', '-noout', '-ext', 'subjectAltName');
    for (const name of [
      'DNS:api.example.com',
      'DNS:*.example.com',
      'IP Address:192.0.2.7',
      'URI:spiffe://example.com/api',
      'email:api@example.com',
    ])
      assert.ok(output.includes(name), output);
  });

  it('revokes so that the CRL and the OCSP responder of the CA say so', async () => {
    const { issue, run, put, backend } = await openHere();
    const authority = present(backend.authority, 'pki');
    const { request } = await newRequest();
    const { chain, root } = await issue(request);
    put('leaf.pem', pem(chain[0]));
    put('root.pem', pem(root));
    const asked = run(
      'openssl',
      'ocsp',
      '-issuer',
      'root.pem',
      '-cert',
      'leaf.pem',
      '-reqout',
      'request.der',
      '-no_nonce',
    );
    assert.equal(asked.status, 0, asked.output);
    const ocsp = async (): Promise<string> => {
      const question = readFileSync(path.join(benches.at(-1)?.folder ?? '', 'request.der'));
      put('answer.der', await present(authority.ocsp, 'ocsp')(question, SIGNAL));
      return run(
        'openssl',
        'ocsp',
        '-respin',
        'answer.der',
        '-issuer',
        'root.pem',
        '-cert',
        'leaf.pem',
        '-CAfile',
        'root.pem',
      ).output;
    };
    const crl = async (): Promise<string> => {
      put('list.crl', await present(authority.crl, 'crl')(SIGNAL));
      run('openssl', 'crl', '-inform', 'DER', '-in', 'list.crl', '-out', 'crl.pem');
      return run('openssl', 'verify', '-crl_check', '-CAfile', 'root.pem', '-CRLfile', 'crl.pem', 'leaf.pem')
        .output;
    };
    assert.match(await ocsp(), /leaf\.pem: good[\s\S]*Response verify OK/);
    assert.match(await crl(), /leaf\.pem: OK/);
    const serialNumber = serialOf(chain[0]);
    const revoked = await authority.revoke(serialNumber, 'keyCompromise', SIGNAL);
    assert.match(await ocsp(), /leaf\.pem: revoked/);
    assert.match(await crl(), /certificate revoked/);
    assert.deepEqual(await authority.status(serialNumber, SIGNAL), { status: 'revoked', ...revoked });
    assert.equal(revoked.reason, 'keyCompromise', 'the ledger knows the reason that the CA does not keep');
  });

  it('issues nothing that a role would grant otherwise than declared', async () => {
    const fields = { allow_any_name: true, key_type: 'any', max_ttl: '24h' };
    const roles: readonly (readonly [string, object, Partial<CertificateRequest>, RegExp])[] = [
      ['no-store', { no_store: true }, {}, /stores nothing/],
      ['rsa', { key_type: 'rsa', key_bits: 2048 }, {}, /takes no ECDSA-P256 keys/],
      ['clients', { server_flag: false }, {}, /gives no certificate for serverAuth/],
      ['short', { max_ttl: '1h' }, {}, /gives at most 3600 seconds/],
      [
        'no-ip',
        { allow_ip_sans: false },
        { names: { ...named('a.example.com'), ipAddresses: ['192.0.2.1'] } },
        /takes no IP addresses/,
      ],
      [
        'subject',
        {},
        { names: { ...named('a.example.com'), subject: 'CN=a.example.com,O=Example' } },
        /takes the common name alone/,
      ],
    ];
    for (const [role, change, request, message] of roles) {
      await bao.root('POST', `pki/roles/${role}`, { ...fields, ...change });
      const { backend } = await openHere({ auth: { method: 'token' }, pki: { role } }, { token: 'root' });
      const error = await rejectsWith(
        'invalid-request',
        present(backend.authority, 'pki').issue((await newRequest(request)).request, SIGNAL),
      );
      assert.match(error.what, message);
    }
    const refusing = await openHere();
    const foreign = (await newRequest({ names: named('elsewhere.example.org') })).request;
    const { what } = await rejectsWith('invalid-request', refusing.issue(foreign));
    assert.match(what, /elsewhere\.example\.org.*not allowed/);
  });

  it('takes names from the manifest, whatever the request of the machine says', async () => {
    const { generateSoftwareKey, softwareSigner } = await import(
      '../../server/src/platform/crypto/softwareKeys.ts'
    );
    const { pkcs8 } = await generateSoftwareKey('ECDSA-P256');
    const csr = await buildCertificateRequest(
      { names: named('root.example.com'), signer: softwareSigner(pkcs8, 'ECDSA-P256') },
      SIGNAL,
    );
    const { request } = await newRequest();
    const own = await openHere();
    const { chain } = await own.issue({ ...request, csr });
    own.put('leaf.pem', pem(chain[0]));
    const text = own.run('openssl', 'x509', '-in', 'leaf.pem', '-noout', '-text').output;
    assert.match(text, /DNS:api\.example\.com/);
    assert.doesNotMatch(text, /root\.example\.com/);
    // Where the role takes them from the request, one with others is not even sent.
    await bao.root('POST', 'pki/roles/csr-names', { allow_any_name: true, key_type: 'any', max_ttl: '720h' });
    const trusting = await openHere(
      { auth: { method: 'token' }, pki: { role: 'csr-names' } },
      { token: 'root' },
    );
    assert.match(
      (await rejectsWith('invalid-request', trusting.issue({ ...request, csr }))).what,
      /others than the manifest/,
    );
    assert.equal((await trusting.issue(request)).chain.length, 1);
  });

  it('keeps keys where they are: no export, no backup, and none that could', async () => {
    const { backend, config } = await openHere();
    const keys = present(backend.keys, 'transit');
    await keys.generate('kept', 'ECDSA-P256', SIGNAL);
    const prefix = config.transit?.prefix ?? '';
    for (const call of [`transit/export/signing-key/${prefix}kept`, `transit/backup/${prefix}kept`])
      await assert.rejects(bao.root('GET', call), /not exportable|not allowed|disallowed/);
    await bao.root('POST', `transit/keys/${prefix}twin`, { type: 'ecdsa-p256', exportable: true });
    const error = await rejectsWith('forbidden', keys.signer('twin', SIGNAL));
    assert.match(error.what, /may be exported/);
    await rejectsWith('forbidden', keys.generate('twin', 'ECDSA-P256', SIGNAL));
    // Nor does what is signed travel: its digest alone does.
    const signer = await keys.signer('kept', SIGNAL);
    const data = new TextEncoder().encode('a request that stays here');
    await signer.sign(data, SIGNAL);
    assert.ok(!readFileSync(bao.auditLog, 'utf8').includes(Buffer.from(data).toString('base64')));
  });

  it('delivers fields that programs read by name, and keeps the former version', async () => {
    const { backend, config } = await openHere();
    const target = present(backend.targets?.['kv'], 'kv');
    const chain = new Secret('-----BEGIN CERTIFICATE-----\nfirst\n-----END CERTIFICATE-----\n');
    const key = new Secret('-----BEGIN PRIVATE KEY-----\nkey\n-----END PRIVATE KEY-----\n');
    const contents = [
      { what: 'chain', pem: chain },
      { what: 'privateKey', pem: key },
    ] as const;
    const { version } = await target.deliver({ path: 'tls/api', contents }, { ifVersion: null }, SIGNAL);
    await target.deliver(
      { path: 'tls/api', contents: [...contents].reverse() },
      { ifVersion: version },
      SIGNAL,
    );
    const place = `secret/data/${config.kv?.folder}/tls/api`;
    const { data } = (await bao.root('GET', place))['data'] as { data: object };
    assert.deepEqual(data, { chain: chain.reveal(), privateKey: key.reveal(), contents: 'privateKey chain' });
    const former = (await bao.root('GET', `${place}?version=1`))['data'] as { data: object };
    assert.deepEqual(former.data, { ...data, contents: 'chain privateKey' });
    // What somebody else wrote there is put back as it was, whatever it is.
    const foreign = { text: 'x\u0000y', number: 1.5, list: [1, { a: null }], empty: '' };
    await bao.root('POST', `secret/data/${config.kv?.folder}/foreign`, { data: foreign });
    const saved = present(await target.snapshot('foreign', SIGNAL), 'it');
    await target.remove('foreign', { ifVersion: saved.version }, SIGNAL);
    await target.restore('foreign', saved.content, { ifVersion: null }, SIGNAL);
    const back = (await bao.root('GET', `secret/data/${config.kv?.folder}/foreign`))['data'] as {
      data: object;
    };
    assert.deepEqual(back.data, foreign);
  });

  it('signs SSH certificates that ssh-keygen reads, with what was asked for', async () => {
    const { backend, run, put } = await openHere();
    const ssh = present(backend.ssh, 'ssh');
    const { request } = await newSshRequest({
      principals: ['alice', 'bob'],
      criticalOptions: { 'force-command': 'uptime', 'source-address': '192.0.2.0/24' },
      extensions: ['permit-pty', 'permit-port-forwarding'],
    });
    const outcome = await ssh.issue(request, SIGNAL);
    assert.equal(outcome.state, 'issued');
    put('user-cert.pub', `${sshKeyLine(outcome.made.blob)}\n`);
    const { output } = run('ssh-keygen', '-L', '-f', 'user-cert.pub');
    for (const text of [
      'user certificate',
      request.keyId,
      'alice',
      'bob',
      'force-command uptime',
      'source-address 192.0.2.0/24',
      'permit-pty',
      'permit-port-forwarding',
    ])
      assert.ok(output.includes(text), output);
    await bao.root('POST', 'ssh-user/roles/narrow', {
      key_type: 'ca',
      allow_user_certificates: true,
      allowed_users: 'alice',
      allow_user_key_ids: true,
      allowed_extensions: 'permit-pty',
    });
    const user = { mount: 'ssh-user', role: 'narrow' };
    const narrow = await openHere({ auth: { method: 'token' }, ssh: { user } }, { token: 'root' });
    const refused = rejectsWith('invalid-request', present(narrow.backend.ssh, 'ssh').issue(request, SIGNAL));
    assert.match((await refused).what, /does not allow the extension permit-port-forwarding/);
    await rejectsWith('invalid-request', openHere({ ssh: { user, host: user } }));
  });

  describe('logs in', () => {
    const token = async (): Promise<string> => {
      const made = await bao.root('POST', 'auth/token/create', { policies: ['idac'], period: '1h' });
      return (made['auth'] as { client_token: string }).client_token;
    };
    const works = async (
      change: Parameters<typeof openBench>[1],
      values: Readonly<Record<string, string>>,
      files: Readonly<Record<string, string>> = {},
    ) => {
      const bench = await openHere(change, values, { files });
      await present(bench.backend.keys, 'transit').generate('by-login', 'ECDSA-P256', SIGNAL);
      const { checks } = await bench.backend.health(SIGNAL);
      return checks.find(({ what }) => what === 'login')?.detail ?? '';
    };

    it('by token', async () => {
      assert.match(
        await works({ auth: { method: 'token' } }, { token: await token() }),
        /policies default, idac/,
      );
    });

    it('by TLS certificate, over TLS with the CA that the project names', async () => {
      await bao.root('POST', 'sys/auth/cert', { type: 'cert' });
      await bao.root('POST', 'auth/cert/certs/pipelines', {
        certificate: readFileSync(bao.ca, 'utf8'),
        token_policies: ['idac'],
      });
      const args = [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=ci',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-keyout',
        'ci.key',
        '-out',
        'ci.pem',
        '-addext',
        'basicConstraints=critical,CA:FALSE',
        '-addext',
        'extendedKeyUsage=clientAuth',
      ];
      assert.equal(spawnSync('openssl', args, { cwd: bao.folder }).status, 0);
      const read = (name: string): string => readFileSync(path.join(bao.folder, name), 'utf8');
      const change = {
        address: bao.tlsAddress,
        ca: 'ca.pem',
        auth: { method: 'cert', role: 'pipelines' },
      } as const;
      const values = { certificate: read('ci.pem'), private_key: read('ci.key') };
      await rejectsWith('not-found', openHere(change, values));
      const detail = await works(change, values, { 'ca.pem': read('ca.pem') });
      assert.match(detail, /policies default, idac/);
    });

    it('by JWT', async () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await bao.root('POST', 'sys/auth/jwt', { type: 'jwt' });
      await bao.root('POST', 'auth/jwt/config', {
        jwt_validation_pubkeys: [publicKey.export({ type: 'spki', format: 'pem' })],
      });
      await bao.root('POST', 'auth/jwt/role/ci', {
        role_type: 'jwt',
        user_claim: 'sub',
        bound_audiences: ['idac'],
        token_policies: ['idac'],
      });
      const now = Math.floor(Date.now() / 1000);
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const signed = `${part({ alg: 'ES256', typ: 'JWT' })}.${part({ sub: 'pipeline', aud: 'idac', iat: now, exp: now + 300 })}`;
      const signature = createSign('sha256')
        .update(signed)
        .sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
      const jwt = `${signed}.${signature.toString('base64url')}`;
      const auth = { method: 'jwt', role: 'ci' } as const;
      assert.match(await works({ auth }, { jwt }), /jwt-pipeline, policies default, idac/);
      await rejectsWith('unauthenticated', openHere({ auth }, { jwt: `${jwt.slice(0, -4)}AAAA` }));
    });

    it('and renews its token in time, and makes another when it has ended', async () => {
      const clock = testClock(new Date().toISOString());
      const { backend } = await openHere({}, await appRole(bao), { clock });
      const keys = present(backend.keys, 'transit');
      const count = (call: string): number =>
        readFileSync(bao.auditLog, 'utf8').split(`"path":"auth/${call}"`).length;
      const used = async (): Promise<readonly [number, number]> => {
        const [logins, renewals] = [count('approle/login'), count('token/renew-self')];
        await Promise.all([keys.list(SIGNAL), keys.list(SIGNAL), keys.list(SIGNAL)]);
        // A request and its answer are two lines.
        return [(count('approle/login') - logins) / 2, (count('token/renew-self') - renewals) / 2];
      };
      assert.deepEqual(await used(), [0, 0]);
      // Of its 20 minutes a third is left.
      clock.advance(14 * 60);
      assert.deepEqual(await used(), [0, 1]);
      assert.deepEqual(await used(), [0, 0]);
      clock.advance(21 * 60);
      assert.deepEqual(await used(), [1, 0]);
    });

    it('and says what is wrong with a login: root, or without an end', async () => {
      const root = await openHere({ auth: { method: 'token' } }, { token: 'root' });
      const asRoot = (await root.backend.health(SIGNAL)).checks.find(({ what }) => what === 'login');
      assert.ok(asRoot?.ok === false && /root token/.test(asRoot.detail));
    });
  });
});
