import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Item {
  readonly path?: {
    readonly valid: boolean | null;
    readonly reason: string | null;
    readonly at: number | null;
    readonly chain: readonly string[];
  };
  readonly revocation?: {
    readonly status: string;
    readonly reason: string | null;
    readonly source: string;
  } | null;
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
}

/** An authority of OpenSSL's own, so that what is judged and who else judges it are not ours. */
describe('idac inspect --trust', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(() => {
    box = sandbox({ git: false });
    makeAuthority();
  });
  after(() => box.remove());

  const inBox = (file: string): string => path.join(box.folder, file);
  const openssl = (...args: readonly string[]): string =>
    execFileSync('openssl', args, { cwd: box.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  /** OpenSSL's own verdict. */
  const opensslSays = (...args: readonly string[]): boolean =>
    spawnSync('openssl', ['verify', ...args], { cwd: box.folder }).status === 0;

  function makeAuthority(): void {
    mkdirSync(inBox('db/new'), { recursive: true });
    writeFileSync(inBox('db/index'), '');
    writeFileSync(inBox('db/serial'), '1000\n');
    writeFileSync(inBox('db/crlnumber'), '01\n');
    writeFileSync(
      inBox('ca.cnf'),
      `[ca]
default_ca = own
[own]
database = db/index
new_certs_dir = db/new
serial = db/serial
crlnumber = db/crlnumber
certificate = sub.pem
private_key = sub.key
default_md = sha256
default_days = 30
default_crl_days = 7
policy = any
copy_extensions = none
[any]
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:gate.example.test, IP:192.0.2.7
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[responder]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[sub]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
nameConstraints = critical,permitted;DNS:example.test,permitted;IP:192.0.2.0/255.255.255.0
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`,
    );
    const key = (name: string): void => {
      openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
    };
    for (const name of ['root', 'sub', 'leaf', 'gone', 'outside', 'responder', 'other']) key(name);
    for (const name of ['root', 'other'])
      openssl(
        'req',
        '-x509',
        '-new',
        '-key',
        `${name}.key`,
        '-subj',
        `/CN=${name}`,
        '-days',
        '60',
        '-out',
        `${name}.pem`,
      );
    openssl('req', '-new', '-key', 'sub.key', '-subj', '/CN=sub', '-out', 'sub.csr');
    openssl(
      ...['x509', '-req', '-in', 'sub.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial'],
      ...['-days', '50', '-extfile', 'ca.cnf', '-extensions', 'sub', '-out', 'sub.pem'],
    );
    writeFileSync(
      inBox('outside.cnf'),
      readFileSync(inBox('ca.cnf'), 'utf8').replace('gate.example.test', 'gate.example.net'),
    );
    const issue = (name: string, section: string, config = 'ca.cnf'): void => {
      openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
      openssl(
        ...['ca', '-batch', '-config', config, '-extensions', section, '-notext'],
        ...['-in', `${name}.csr`, '-out', `${name}.pem`],
      );
    };
    issue('leaf', 'leaf');
    issue('gone', 'leaf');
    issue('outside', 'leaf', 'outside.cnf');
    issue('responder', 'responder');
    openssl('ca', '-config', 'ca.cnf', '-revoke', 'gone.pem', '-crl_reason', 'keyCompromise');
    openssl('ca', '-config', 'ca.cnf', '-gencrl', '-out', 'sub.crl');
    for (const name of ['leaf', 'gone']) {
      openssl('ocsp', '-issuer', 'sub.pem', '-cert', `${name}.pem`, '-reqout', `${name}.req`, '-no_nonce');
      openssl(
        ...[
          'ocsp',
          '-index',
          'db/index',
          '-CA',
          'sub.pem',
          '-rsigner',
          'responder.pem',
          '-rkey',
          'responder.key',
        ],
        ...['-reqin', `${name}.req`, '-respout', `${name}.ocsp`, '-ndays', '2'],
      );
    }
  }

  const judge = async (
    file: string,
    ...args: readonly string[]
  ): Promise<Item & { readonly code: number }> => {
    const { code, data, err } = await box.json(['inspect', file, ...args]);
    const [item] = (data as unknown as { items: Item[] }).items;
    assert.ok(item, err);
    return { ...item, code };
  };
  const SUB = ['--trust', 'root.pem', '--chain', 'sub.pem'];

  it('says that a path holds, as OpenSSL does, and which', async () => {
    assert.ok(
      opensslSays(
        '-CAfile',
        'root.pem',
        '-untrusted',
        'sub.pem',
        '-verify_hostname',
        'gate.example.test',
        'leaf.pem',
      ),
    );
    const { code, path: found } = await judge(
      'leaf.pem',
      ...SUB,
      '--host',
      'gate.example.test',
      '--purpose',
      'server',
    );
    assert.deepEqual([code, found?.valid, found?.chain], [0, true, ['CN=leaf', 'CN=sub', 'CN=root']]);
    assert.equal((await judge('leaf.pem', ...SUB, '--host', '192.0.2.7')).path?.valid, true);
    assert.match(
      (await box.idac(['inspect', 'leaf.pem', ...SUB])).out,
      /path +holds: CN=leaf ← CN=sub ← CN=root/,
    );
  });

  it('says at which certificate it does not, and why', async () => {
    for (const [args, at, said] of [
      [['leaf.pem', ...SUB, '--host', 'other.example.test'], 0, /none of its alternative names/],
      [['leaf.pem', ...SUB, '--purpose', 'client'], 0, /extended key usage/],
      [['leaf.pem', ...SUB, '--now', '2999-01-01'], 2, /it held until/],
      [['outside.pem', ...SUB], 0, /gate\.example\.net.*no subtree that an authority of the path permits/],
    ] as const) {
      const [file, ...rest] = args;
      const { code, path: found, findings } = await judge(file ?? '', ...rest);
      assert.deepEqual([code, found?.valid, found?.at], [1, false, at]);
      assert.match(found?.reason ?? '', said);
      assert.ok(findings.some(({ rule }) => rule === 'certificate/path-invalid'));
    }
    assert.ok(!opensslSays('-CAfile', 'root.pem', '-untrusted', 'sub.pem', 'outside.pem'));
  });

  it('asks more of a certificate where that is wanted', async () => {
    const { path: found } = await judge('leaf.pem', ...SUB, '--profile', 'webpki', '--purpose', 'server');
    // The common name is no name of a host.
    assert.deepEqual([found?.valid, found?.at], [false, 0]);
    assert.match(found?.reason ?? '', /common name/);
  });

  it('does not call invalid what it cannot tell', async () => {
    for (const args of [
      ['--trust', 'root.pem'],
      ['--trust', 'other.pem', '--chain', 'sub.pem'],
    ]) {
      const { code, path: found, findings } = await judge('leaf.pem', ...args);
      assert.deepEqual([code, found?.valid], [0, null]);
      assert.ok(findings.some(({ rule }) => rule === 'certificate/path-unknown'));
    }
  });

  it('tells good, revoked and unknown apart by a list, as OpenSSL does', async () => {
    const checked = ['-crl_check', '-CAfile', 'root.pem', '-untrusted', 'sub.pem', '-CRLfile', 'sub.crl'];
    assert.ok(opensslSays(...checked, 'leaf.pem'));
    assert.ok(!opensslSays(...checked, 'gone.pem'));
    const good = await judge('leaf.pem', ...SUB, '--crl', 'sub.crl');
    assert.deepEqual(
      [good.path?.valid, good.revocation?.status, good.revocation?.source],
      [true, 'good', 'crl'],
    );
    const gone = await judge('gone.pem', ...SUB, '--crl', 'sub.crl');
    assert.deepEqual(
      [gone.code, gone.path?.valid, gone.revocation?.status, gone.revocation?.reason],
      [1, false, 'revoked', 'keyCompromise'],
    );
    assert.deepEqual(
      gone.findings.map(({ rule }) => rule),
      ['certificate/revoked'],
    );
    const later = new Date(Date.now() + 10 * 86_400_000).toISOString();
    const stale = await judge('leaf.pem', ...SUB, '--crl', 'sub.crl', '--now', later);
    assert.deepEqual([stale.path?.valid, stale.revocation?.status], [true, 'unknown']);
    assert.match(stale.revocation?.reason ?? '', /out of date/);
  });

  it('tells them apart by an OCSP answer, too', async () => {
    const good = await judge('leaf.pem', ...SUB, '--ocsp', 'leaf.ocsp');
    assert.deepEqual(
      [good.path?.valid, good.revocation?.status, good.revocation?.source],
      [true, 'good', 'ocsp'],
    );
    const gone = await judge('gone.pem', ...SUB, '--ocsp', 'gone.ocsp');
    assert.deepEqual(
      [gone.path?.valid, gone.revocation?.status, gone.revocation?.reason],
      [false, 'revoked', 'keyCompromise'],
    );
    const another = await judge('leaf.pem', ...SUB, '--ocsp', 'gone.ocsp');
    assert.deepEqual([another.path?.valid, another.revocation?.status], [true, 'unknown']);
    const later = new Date(Date.now() + 10 * 86_400_000).toISOString();
    const stale = await judge('leaf.pem', ...SUB, '--ocsp', 'leaf.ocsp', '--now', later);
    assert.equal(stale.revocation?.status, 'unknown');
  });

  it('wants to be told whom to trust, and files that hold what they are given for', async () => {
    for (const [args, said] of [
      [['leaf.pem', '--host', 'gate.example.test'], /whom to trust/],
      [['leaf.pem', '--trust', 'none.pem'], /cannot be read/],
      [['leaf.pem', '--trust', 'leaf.key'], /holds no CERTIFICATE/],
    ] as const) {
      const { code, err } = await box.idac(['inspect', ...args]);
      assert.equal(code, 2);
      assert.match(err, said);
    }
  });
});
