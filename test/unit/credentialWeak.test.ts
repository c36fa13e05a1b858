/** Keys and signatures that are too weak, made by OpenSSL and ssh-keygen as somebody would have made them. */
import assert from 'node:assert/strict';
import { type CredentialFolder, credentialFolder, inspect } from '../support/credentialFiles.ts';
import { hasProgram, needs } from '../support/needs.ts';

const WEAK = ['key/weak', 'credential/weak-signature'];

describe('inspect, on what is too weak', function () {
  this.timeout(120_000);
  let folder: CredentialFolder;
  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
  });
  beforeEach(() => {
    folder = credentialFolder();
  });
  afterEach(() => folder.remove());

  const openssl = (...args: readonly string[]) => folder.run('openssl', [...args]);
  const self = (name: string, ...how: readonly string[]) =>
    openssl(
      'req',
      '-x509',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '30',
      ...how,
    );
  const found = async (file: string) => {
    const { items } = await inspect([`${folder.path}/${file}`]);
    return items.flatMap(({ findings }) =>
      findings
        .filter(({ rule }) => WEAK.includes(rule))
        .map(({ rule, message, severity }) => ({ rule, message, severity })),
    );
  };

  it('RSA below 2048 bits, in the certificate, its key, its public key and its request', async () => {
    self('old', '-newkey', 'rsa:1024');
    openssl('rsa', '-in', 'old.key', '-pubout', '-out', 'old.pub');
    openssl('req', '-new', '-key', 'old.key', '-subj', '/CN=old', '-out', 'old.csr');
    for (const file of ['old.pem', 'old.key', 'old.pub', 'old.csr'])
      assert.deepEqual(
        await found(file),
        [
          {
            rule: 'key/weak',
            message: 'the key is RSA 1024 bit, and 2048 bits is the least',
            severity: 'error',
          },
        ],
        file,
      );
  });

  it('not RSA of 2048 bits, P-256, P-224, secp256k1 and Ed25519', async () => {
    self('rsa', '-newkey', 'rsa:2048');
    for (const curve of ['prime256v1', 'secp224r1', 'secp256k1'])
      self(curve, '-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`);
    self('edwards', '-newkey', 'ed25519');
    for (const name of ['rsa', 'prime256v1', 'secp224r1', 'secp256k1', 'edwards'])
      for (const file of [`${name}.pem`, `${name}.key`]) assert.deepEqual(await found(file), [], file);
  });

  it('a short curve, one that is written out, and DSA', async () => {
    openssl('ecparam', '-name', 'prime192v1', '-genkey', '-noout', '-out', 'short.key');
    assert.deepEqual(
      (await found('short.key')).map(({ message }) => message),
      ['the key is ECDSA P-192, and P-256 is the least'],
    );
    openssl(
      'ecparam',
      '-name',
      'prime256v1',
      '-genkey',
      '-noout',
      '-param_enc',
      'explicit',
      '-out',
      'written.key',
    );
    openssl('ec', '-in', 'written.key', '-pubout', '-param_enc', 'explicit', '-out', 'written.pub');
    assert.match((await found('written.pub'))[0]?.message ?? '', /writes the parameters of its curve out/);
    openssl('dsaparam', '-out', 'dsa.params', '2048');
    openssl('gendsa', '-out', 'dsa.key', 'dsa.params');
    assert.match(
      (await found('dsa.key'))[0]?.message ?? '',
      /DSA key \(DSA-2048\), which nothing new may use/,
    );
  });

  it('SHA-1 and MD5 under a leaf, a request and a list; not under a root, whose signature nobody checks', async () => {
    self('root', '-newkey', 'rsa:2048', '-sha1');
    assert.deepEqual(await found('root.pem'), []);
    openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'leaf.key',
      '-subj',
      '/CN=leaf',
      '-sha1',
      '-out',
      'leaf.csr',
    );
    const issued = (digest: string, out: string) =>
      openssl(
        'x509',
        '-req',
        '-in',
        'leaf.csr',
        '-CA',
        'root.pem',
        '-CAkey',
        'root.key',
        '-CAcreateserial',
        `-${digest}`,
        '-days',
        '9',
        '-out',
        out,
      );
    for (const [digest, name] of [
      ['sha1', 'SHA1'],
      ['md5', 'MD5'],
    ] as const) {
      issued(digest, `${digest}.pem`);
      assert.deepEqual(await found(`${digest}.pem`), [
        {
          rule: 'credential/weak-signature',
          message: `it is signed with RSA-${name}, and ${name} can be forged`,
          severity: 'error',
        },
      ]);
    }
    assert.equal((await found('leaf.csr')).length, 1);
    issued('sha256', 'good.pem');
    assert.deepEqual(await found('good.pem'), []);
  });

  it('SSH keys as well', async function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder.run('ssh-keygen', ['-q', '-t', 'rsa', '-b', '1024', '-N', '', '-f', 'id_rsa']);
    folder.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', 'id_ed25519']);
    for (const file of ['id_rsa', 'id_rsa.pub']) assert.equal((await found(file)).length, 1, file);
    for (const file of ['id_ed25519', 'id_ed25519.pub']) assert.deepEqual(await found(file), [], file);
  });
});
