import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly identity?: { readonly name: string };
  readonly related: readonly { readonly file: string; readonly message: string }[];
}

const SHARED = 'key/shared';

/** Trees as people have them, made by OpenSSL and OpenSSH: whose a key is, and who shares one. */
describe('idac scan, on keys', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const at = (file: string): string => path.join(box.folder, file);
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content);
  };
  const text = (file: string): string => readFileSync(at(file), 'utf8');
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { cwd: box.folder, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const newKey = (file: string, curve = 'P-256'): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    run('openssl', 'genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', file);
  };
  const certify = (key: string, file: string, name: string, days = 30): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    const names = `subjectAltName=DNS:${name}.example.com`;
    run(
      'openssl',
      'req',
      '-x509',
      '-key',
      key,
      '-days',
      `${days}`,
      '-subj',
      `/CN=${name}`,
      '-addext',
      names,
      '-out',
      file,
    );
  };
  const request = (key: string, file: string, name: string): void => {
    run('openssl', 'req', '-new', '-key', key, '-subj', `/CN=${name}`, '-out', file);
  };
  const sshKey = (file: string, comment: string): readonly [type: string, blob: string] => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file);
    const [type = '', blob = ''] = text(`${file}.pub`).split(' ');
    return [type, blob];
  };
  const scan = async (...args: readonly string[]): Promise<readonly Finding[]> =>
    (await box.json(['scan', ...args])).data['findings'] as readonly Finding[];
  const shared = async (...args: readonly string[]): Promise<readonly Finding[]> =>
    (await scan(...args)).filter(({ rule }) => rule === SHARED);
  /** The private half lies elsewhere. */
  const away = (...files: readonly string[]): void => write('.gitignore', `${files.join('\n')}\n`);

  it('says which certificate, request and login a private key is for', async () => {
    newKey('deploy/tls.key');
    certify('deploy/tls.key', 'deploy/tls.crt', 'payments');
    request('deploy/tls.key', 'deploy/tls.csr', 'payments');
    const [found, ...others] = await scan();
    assert.deepEqual(others, []);
    assert.match(
      found?.message ?? '',
      /a certificate for CN=payments in deploy\/tls\.crt, until \d{4}-\d\d-\d\d/,
    );
    assert.deepEqual(
      found?.related.map(({ file }) => file),
      ['deploy/tls.crt', 'deploy/tls.csr'],
    );
  });

  it('takes an encrypted key for an error where something that is valid is for it', async () => {
    newKey('plain.key');
    certify('plain.key', 'web.crt', 'web');
    run(
      'openssl',
      'pkcs8',
      '-topk8',
      '-in',
      'plain.key',
      '-passout',
      `pass:${crypto.randomUUID()}`,
      '-out',
      'locked.key',
    );
    sshKey('id_deploy', 'deploy@ci');
    run('ssh-keygen', '-q', '-p', '-f', 'id_deploy', '-N', crypto.randomUUID(), '-P', '');
    const before = (await scan('id_deploy')).map(({ severity }) => severity);
    assert.deepEqual(before, ['warning']);
    write('servers/authorized_keys', text('id_deploy.pub'));
    const found = (await scan()).find(({ file }) => file === 'id_deploy');
    assert.equal(found?.severity, 'error');
    assert.match(found?.message ?? '', /deploy@ci in servers\/authorized_keys/);
  });

  it('says that a key in the history alone is that of a certificate which is there', async () => {
    newKey('tls.key');
    certify('tls.key', 'tls.crt', 'payments');
    const git = (...args: readonly string[]) =>
      run('git', '-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args);
    git('add', '-A');
    git('commit', '-qm', 'all');
    git('rm', '-q', 'tls.key');
    git('commit', '-qm', 'without the key');
    const [found] = await scan('--history');
    assert.match(found?.message ?? '', /is in the history.*a certificate for CN=payments in tls\.crt/);
  });

  it('names the manifest that names the file', async () => {
    newKey('tls/web.key');
    write(
      'web.identity.yaml',
      `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web }
spec:
  owner: { team: platform }
  dnsNames: [web.example.com]
  renewal: { by: machine }
  deliverTo:
    - { backend: files, path: tls/web.key, contents: [privateKey] }
`,
    );
    const found = (await scan()).find(({ file }) => file === 'tls/web.key');
    assert.match(found?.message ?? '', /a manifest names it: Certificate\/default\/web/);
    assert.equal(found?.identity?.name, 'web');
  });

  it('tells two certificates of one key, in whatever they are written', async () => {
    newKey('key.pem', 'P-384');
    certify('key.pem', 'a/payments.crt', 'payments');
    certify('key.pem', 'orders.crt', 'orders');
    write(
      'k8s/orders.yaml',
      `kind: Secret\ndata:\n  tls.crt: ${Buffer.from(text('orders.crt')).toString('base64')}\n`,
    );
    away('key.pem');
    execFileSync('rm', [at('orders.crt'), at('key.pem')]);
    const [found, ...others] = await shared();
    assert.deepEqual(others, []);
    assert.equal(found?.severity, 'warning');
    assert.match(
      found?.message ?? '',
      /^one ECDSA-P384 key serves the certificate CN=payments, the certificate CN=orders; /,
    );
    assert.deepEqual(
      [found?.file, ...(found?.related ?? []).map(({ file }) => file)],
      ['a/payments.crt', 'k8s/orders.yaml'],
    );
  });

  it('brings compressed points, SSH, JSON Web Keys and requests to one key', async () => {
    newKey('key.pem');
    certify('key.pem', 'web.crt', 'web');
    request('key.pem', 'other.csr', 'other');
    run('openssl', 'ec', '-in', 'key.pem', '-conv_form', 'compressed', '-out', 'compressed.pem');
    run('openssl', 'req', '-x509', '-key', 'compressed.pem', '-subj', '/CN=third', '-out', 'third.crt');
    run('openssl', 'pkey', '-in', 'key.pem', '-pubout', '-out', 'pub.pem');
    const line = run('ssh-keygen', '-i', '-m', 'PKCS8', '-f', 'pub.pem').trim();
    write('home/.ssh/authorized_keys', `${line} deploy@ci\n`);
    const { createPublicKey } = await import('node:crypto');
    const jwk = createPublicKey(text('pub.pem')).export({ format: 'jwk' });
    write('jwks.json', JSON.stringify({ keys: [{ ...jwk, kid: 'signer' }] }));
    execFileSync('rm', [at('key.pem'), at('compressed.pem'), at('pub.pem')]);
    const [found, ...others] = await shared();
    assert.deepEqual(others, []);
    const files = [found?.file, ...(found?.related ?? []).map(({ file }) => file)].toSorted();
    assert.deepEqual(files, ['home/.ssh/authorized_keys', 'jwks.json', 'other.csr', 'third.crt', 'web.crt']);
    assert.match(found?.message ?? '', /and 2 more; give each a key of its own$/);
  });

  it('takes no renewal, copy, chain, request and key of one certificate for sharing', async () => {
    newKey('tls/web.key');
    certify('tls/web.key', 'tls/web.crt', 'web', 30);
    certify('tls/web.key', 'old/web.crt', 'web', 20);
    request('tls/web.key', 'tls/web.csr', 'web');
    copyFileSync(at('tls/web.crt'), at('copy.crt'));
    write('chain.pem', text('tls/web.crt') + text('old/web.crt'));
    run('openssl', 'pkey', '-in', 'tls/web.key', '-pubout', '-out', 'tls/web.pub');
    assert.deepEqual(await shared(), []);
  });

  it('says that a certificate was renewed with its key where a policy wants a new one', async () => {
    newKey('web.key');
    certify('web.key', 'new.crt', 'web', 30);
    certify('web.key', 'old.crt', 'web', 20);
    write(
      'keys.identity.yaml',
      'apiVersion: identity-as-code/v1\nkind: Policy\nmetadata: { name: fresh-keys }\nspec:\n  rules:\n    key/reused: { severity: error }\n',
    );
    const found = (await scan()).filter(({ rule }) => rule === 'key/reused');
    assert.equal(found.length, 1);
    assert.equal(found[0]?.severity, 'error');
    assert.match(
      found[0]?.message ?? '',
      /^2 certificates in a row have one key, that of the certificate CN=web, and fresh-keys wants a new one/,
    );
    assert.deepEqual(await shared(), []);
  });

  it('tells one host key for several hosts, and not one login for many accounts', async () => {
    const [type, blob] = sshKey('ssh_host_ed25519_key', 'root@image');
    write('known_hosts', `web1.example.com,192.0.2.1 ${type} ${blob}\nweb2.example.com ${type} ${blob}\n`);
    const [, login] = sshKey('id', 'ann@laptop');
    for (const account of ['root', 'deploy', 'backup'])
      write(`home/${account}/authorized_keys`, `${type} ${login} ann@laptop\n`);
    execFileSync('rm', ['id', 'id.pub', 'ssh_host_ed25519_key', 'ssh_host_ed25519_key.pub'], {
      cwd: box.folder,
    });
    const [found, ...others] = await shared();
    assert.deepEqual(others, []);
    assert.equal(found?.file, 'known_hosts');
    assert.match(found?.message ?? '', /the SSH host web1\.example\.com, the SSH host web2\.example\.com/);
  });

  it('takes the names and addresses of one host for one', async () => {
    const [type, blob] = sshKey('k', 'x');
    const lines = [
      'web1',
      'web1.example.com,192.0.2.1',
      '192.0.2.1',
      '[web1.example.com]:2222',
      '2001:db8::1',
      '|1|abc=|def=',
    ];
    write('known_hosts', lines.map((hosts) => `${hosts} ${type} ${blob}\n`).join(''));
    execFileSync('rm', ['k', 'k.pub'], { cwd: box.folder });
    assert.deepEqual(await shared(), []);
  });

  it('tells host keys of one image on several machines', async () => {
    sshKey('hosts/web1/etc/ssh/ssh_host_ed25519_key', 'root@image');
    mkdirSync(at('hosts/web2/etc/ssh'), { recursive: true });
    for (const end of ['', '.pub'])
      copyFileSync(
        at(`hosts/web1/etc/ssh/ssh_host_ed25519_key${end}`),
        at(`hosts/web2/etc/ssh/ssh_host_ed25519_key${end}`),
      );
    const [found] = await shared();
    assert.match(
      found?.message ?? '',
      /the SSH host of hosts\/web1\/etc\/ssh, the SSH host of hosts\/web2\/etc\/ssh/,
    );
  });

  it('takes the files of one SSH key for one, and those of two names for two', async () => {
    const [type, blob] = sshKey('host', 'web1');
    run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', 'ca');
    run('ssh-keygen', '-q', '-s', 'ca', '-I', 'the first', '-h', '-n', 'web1.example.com', 'host.pub');
    write('known_hosts', `web1 ${type} ${blob}\n`);
    write('host2.pub', text('host.pub'));
    execFileSync('rm', ['host', 'ca'], { cwd: box.folder });
    assert.deepEqual(await shared(), []);
    write('web2.pub', `${type} ${blob} web2\n`);
    const [found] = await shared();
    assert.match(found?.message ?? '', /the SSH host web1\.example\.com, the SSH key web2/);
  });

  it('tells a private key that stands in several files', async () => {
    newKey('a.key');
    copyFileSync(at('a.key'), at('b.key'));
    write('values.yaml', `key: ${Buffer.from(text('a.key')).toString('base64')}\n`);
    const [found, ...others] = await shared();
    assert.deepEqual(others, []);
    assert.match(found?.message ?? '', /^the private half of one ECDSA-P256 key stands in 3 files; /);
    assert.equal(found?.related.length, 2);
  });

  it('is quiet about what a policy allows with a reason, until its day', async () => {
    newKey('key.pem');
    certify('key.pem', 'edge/a.crt', 'a');
    certify('key.pem', 'edge/b.crt', 'b');
    execFileSync('rm', [at('key.pem')]);
    const policy = (allow: string): void =>
      write(
        'keys.identity.yaml',
        `apiVersion: identity-as-code/v1\nkind: Policy\nmetadata: { name: keys }\nspec:\n  rules:\n    key/shared: { severity: error, allow: [${allow}] }\n`,
      );
    policy('');
    assert.equal((await shared())[0]?.severity, 'error');
    policy('{ files: [edge/], reason: one proxy serves both, until: "2000-01-01" }');
    assert.equal((await shared()).length, 1);
    policy('{ files: [edge/a.crt], reason: one proxy serves both }');
    assert.equal((await shared()).length, 1);
    policy('{ files: [edge/] }');
    assert.equal((await shared()).length, 1);
    policy('{ files: [edge/], reason: one proxy serves both, until: "9999-01-01" }');
    assert.deepEqual(await shared(), []);
  });

  it('is said in SARIF and as annotations, too', async () => {
    newKey('key.pem');
    certify('key.pem', 'a.crt', 'a');
    certify('key.pem', 'b.crt', 'b');
    execFileSync('rm', [at('key.pem')]);
    const sarif = JSON.parse((await box.idac(['scan', '--format', 'sarif'])).out) as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string }[] }[];
    };
    assert.deepEqual(
      sarif.runs[0]?.results.map(({ ruleId }) => ruleId),
      [SHARED],
    );
    assert.ok(sarif.runs[0]?.tool.driver.rules.some(({ id }) => id === SHARED));
    assert.match(
      (await box.idac(['scan', '--format', 'github'])).out,
      /^::warning file=a\.crt,line=1.*key\/shared/m,
    );
  });
});
