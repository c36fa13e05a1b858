import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openScanner } from '../../../server/src/app/scan/openScanner.ts';
import { type KeySighting, sightingsOf } from '../../support/sightings.ts';

/** Keys as OpenSSL, OpenSSH and Node write them; what they say of a key is what the scanner has to say. */
describe('Public keys in a tree', () => {
  const scanner = openScanner();
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'idac-keys-'));
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=payments',
      '-addext',
      'subjectAltName=DNS:pay.example.com,IP:192.0.2.7',
      '-keyout',
      'web.key',
      '-out',
      'web.crt',
    );
    openssl(
      'req',
      '-new',
      '-key',
      'web.key',
      '-subj',
      '/CN=payments',
      '-addext',
      'subjectAltName=DNS:pay.example.com',
      '-out',
      'web.csr',
    );
    openssl('pkey', '-in', 'web.key', '-pubout', '-out', 'web.pub.pem');
    openssl('x509', '-in', 'web.crt', '-outform', 'DER', '-out', 'web.cer');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const keygen = (...args: readonly string[]): void => {
    execFileSync('ssh-keygen', ['-q', ...args], { cwd: folder, stdio: 'ignore' });
  };
  const bytes = (file: string): Buffer => readFileSync(path.join(folder, file));
  const text = (file: string): string => bytes(file).toString();
  const seen = (name: string, content: string | Uint8Array): readonly KeySighting[] =>
    sightingsOf(scanner.scan(name, Buffer.from(content)).keys);
  const only = (name: string, content: string | Uint8Array): KeySighting => {
    const keys = seen(name, content);
    assert.equal(keys.length, 1, `${name}: ${keys.map(({ what }) => what).join(', ')}`);
    const [key] = keys;
    assert.ok(key);
    return key;
  };
  const hashOf = (key: KeyObject): string =>
    createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex');
  const webHash = (): string => hashOf(createPublicKey(text('web.crt')));
  const shown = ({ file: _file, range: _range, ...key }: KeySighting) => key;

  it('are told with what a certificate says of them', () => {
    const key = only('tls/web.crt', `# of the payments\n${text('web.crt')}`);
    assert.equal(key.form, 'certificate');
    assert.equal(key.spkiSha256, webHash());
    assert.equal(createHash('sha256').update(Buffer.from(key.spki, 'base64')).digest('hex'), webHash());
    assert.deepEqual([key.algorithm, key.subject, key.issuer], ['ECDSA-P256', 'CN=payments', 'CN=payments']);
    assert.deepEqual(key.names, ['dns:pay.example.com', 'ip:192.0.2.7']);
    assert.equal(key.fingerprintSha256, createHash('sha256').update(bytes('web.cer')).digest('hex'));
    assert.equal(key.range.start.line, 1);
    assert.equal(key.range.end.character, '-----END CERTIFICATE-----'.length);
    assert.match(key.notAfter ?? '', /^\d{4}-\d\d-\d\dT/);
  });

  it('are one key in whatever they are written', () => {
    const pem = text('web.crt');
    const base64 = Buffer.from(pem).toString('base64');
    const bare = bytes('web.cer').toString('base64');
    const wrapped: Readonly<Record<string, string | Uint8Array>> = {
      'web.cer': bytes('web.cer'),
      'crlf.pem': pem.replaceAll('\n', '\r\n'),
      'indented.yaml': `tls: |\n${pem.replaceAll(/^/gm, '    ')}`,
      'one-line.json': JSON.stringify({ certificate: pem }),
      'secret.yaml': `kind: Secret\ndata:\n  tls.crt: ${base64}\n  tls.more: x\n`,
      'folded.yaml': `data: |\n  ${(base64.match(/.{1,76}/g) ?? []).join('\n  ')}\ncert: none\n`,
      'saml.xml': `<ds:X509Certificate>${bare}</ds:X509Certificate>`,
      'env.sh': `export CERT=${bare}\n`,
    };
    const expected = shown(only('web.crt', pem));
    for (const [name, content] of Object.entries(wrapped)) {
      const { what: _what, ...key } = shown(only(name, content));
      const { what: _other, ...same } = expected;
      assert.deepEqual(key, same, name);
    }
  });

  it('are found in requests, as keys alone, in key sets and beside their private half', () => {
    const request = only('web.csr', text('web.csr'));
    assert.deepEqual(
      [request.form, request.subject, request.names],
      ['certificate-request', 'CN=payments', ['dns:pay.example.com']],
    );
    const jwk = createPublicKey(text('web.crt')).export({ format: 'jwk' });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsa = createPublicKey(privateKey);
    const forms: readonly (readonly [string, string | Uint8Array, string, string])[] = [
      ['web.pub.pem', text('web.pub.pem'), 'public-key', webHash()],
      [
        'pub.der',
        createPublicKey(text('web.crt')).export({ type: 'spki', format: 'der' }),
        'public-key',
        webHash(),
      ],
      ['jwks.json', JSON.stringify({ keys: [{ ...jwk, kid: 'one' }] }, null, 2), 'jwk', webHash()],
      ['string.json', JSON.stringify({ set: JSON.stringify(jwk) }), 'jwk', webHash()],
      ['web.key', text('web.key'), 'private-key', webHash()],
      ['pkcs1.pem', rsa.export({ type: 'pkcs1', format: 'pem' }), 'public-key', hashOf(rsa)],
      ['pkcs1.der', rsa.export({ type: 'pkcs1', format: 'der' }), 'public-key', hashOf(rsa)],
      [
        'setting.properties',
        `key=${rsa.export({ type: 'spki', format: 'der' }).toString('base64')}\n`,
        'public-key',
        hashOf(rsa),
      ],
      ['private.jwk', JSON.stringify(privateKey.export({ format: 'jwk' })), 'private-key', hashOf(rsa)],
    ];
    for (const [name, content, form, hash] of forms) {
      const key = only(name, content);
      assert.deepEqual([key.form, key.spkiSha256], [form, hash], name);
    }
    assert.equal(only('jwks.json', JSON.stringify({ ...jwk, kid: 'one' })).subject, 'one');
  });

  it('have their points brought to one form', () => {
    for (const form of ['compressed', 'hybrid', 'uncompressed']) {
      openssl('pkey', '-in', 'web.key', '-pubout', '-ec_conv_form', form, '-out', `${form}.pem`);
      openssl(
        'pkey',
        '-in',
        'web.key',
        '-pubout',
        '-ec_conv_form',
        form,
        '-outform',
        'DER',
        '-out',
        `${form}.der`,
      );
      assert.equal(only('a.pem', text(`${form}.pem`)).spkiSha256, webHash(), form);
      assert.equal(
        only('a.env', `KEY="${bytes(`${form}.der`).toString('base64')}"`).spkiSha256,
        webHash(),
        form,
      );
    }
  });

  it('are each found in chains and bundles', () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=Root',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
    );
    openssl('crl2pkcs7', '-nocrl', '-certfile', 'web.crt', '-certfile', 'ca.crt', '-out', 'chain.p7b');
    openssl(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'web.crt',
      '-certfile',
      'ca.crt',
      '-outform',
      'DER',
      '-out',
      'chain.p7c',
    );
    const chain = text('web.crt') + text('ca.crt');
    const both = ['CN=Root', 'CN=payments'];
    const subjects = (keys: readonly KeySighting[]) => keys.map(({ subject }) => subject ?? '').toSorted();
    for (const [name, content] of [
      ['chain.pem', chain],
      ['chain.json', JSON.stringify(chain)],
      ['values.yaml', `ca: ${Buffer.from(chain).toString('base64')}`],
      ['chain.p7b', text('chain.p7b')],
      ['chain.p7c', bytes('chain.p7c')],
      ['both.der', Buffer.concat([bytes('web.cer'), createDer('ca.crt')])],
    ] as const)
      assert.deepEqual(subjects(seen(name, content)), both, name);
    assert.equal(only('ca.crt', text('ca.crt')).isAuthority, true);
  });

  const createDer = (file: string): Buffer => {
    openssl('x509', '-in', file, '-outform', 'DER', '-out', `${file}.der`);
    return bytes(`${file}.der`);
  };

  it('of SSH say what they are there for', () => {
    const hashes = new Map<string, string>();
    for (const type of ['ed25519', 'rsa', 'ecdsa']) {
      keygen('-t', type, '-N', '', '-C', `deploy@${type}`, '-f', `id_${type}`);
      // OpenSSH itself writes the key in the form that everybody else has.
      const pem =
        type === 'ed25519'
          ? ''
          : execFileSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', `id_${type}.pub`], { cwd: folder });
      if (pem !== '') hashes.set(type, hashOf(createPublicKey(pem)));
      const key = only(`keys/id_${type}.pub`, text(`id_${type}.pub`));
      assert.deepEqual([key.form, key.comment, key.role], ['ssh-key', `deploy@${type}`, undefined]);
      assert.equal(key.spkiSha256, only(`id_${type}`, text(`id_${type}`)).spkiSha256);
      if (hashes.has(type)) assert.equal(key.spkiSha256, hashes.get(type));
    }
    const line = text('id_ed25519.pub').trim();
    const [type, blob] = line.split(' ');
    const uses: readonly (readonly [string, string, string | undefined, readonly string[] | undefined])[] = [
      ['.ssh/authorized_keys', `command="/bin/x y",restrict ${line}\n`, 'login', undefined],
      ['.ssh/authorized_keys', `cert-authority,principals="a" ${line}\n`, 'authority', undefined],
      [
        '.ssh/known_hosts',
        `web1.example.com,192.0.2.1 ${type} ${blob}\n`,
        'host',
        ['web1.example.com', '192.0.2.1'],
      ],
      ['.ssh/known_hosts', `@cert-authority *.example.com ${type} ${blob}\n`, 'authority', undefined],
      ['.ssh/known_hosts', `@revoked * ${type} ${blob}\n`, 'revoked', undefined],
      ['etc/ssh/ssh_host_ed25519_key.pub', `${line}\n`, 'host', undefined],
      ['users.yaml', `users:\n  - keys:\n      - ${line}\n`, undefined, undefined],
      ['main.tf', `  public_key = "${line}"\n`, undefined, undefined],
    ];
    for (const [file, content, role, hosts] of uses) {
      const key = only(file, content);
      assert.deepEqual([key.role, key.hosts], [role, hosts], `${file}: ${content}`);
      assert.equal(key.spkiSha256, only('a.pub', line).spkiSha256);
    }
    assert.equal(only('main.tf', `public_key = "${line}"\n`).comment, 'deploy@ed25519');
    const rfc4716 = execFileSync('ssh-keygen', ['-e', '-f', 'id_rsa.pub'], { cwd: folder }).toString();
    assert.equal(only('id.ssh2', rfc4716).spkiSha256, hashes.get('rsa'));
  });

  it('of SSH and of key sets are told without what may be a secret beside them', () => {
    keygen('-t', 'ed25519', '-N', '', '-C', 'deploy@ci', '-f', 'id_beside');
    const line = text('id_beside.pub').trim();
    const key = line.replace(/ \S+$/, '');
    const secret = `kT9x${randomBytes(12).toString('hex')}`;
    const token = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJjaSJ9', randomBytes(24).toString('base64url')].join(
      '.',
    );
    const jwk = { ...createPublicKey(text('web.crt')).export({ format: 'jwk' }) };
    for (const [file, content] of [
      ['run.sh', `run --ssh-key ${key} --password ${secret} --host a\n`],
      ['run.sh', `run --ssh-key ${key} ${secret}\n`],
      ['run.sh', `run --ssh-key "${key}" "${secret}"\n`],
      ['run.sh', `run "--ssh-key ${key} ${secret}"\n`],
      ['a.env', `TOKEN=${secret}.x ${line}\n`],
      ['known_hosts', `TOKEN=${secret} ${line}\n`],
      ['known_hosts', `web1,${token} ${line}\n`],
      ['a.txt', `${token} ${line}\n`],
      ['a.txt', `K${secret}.x ${line}\n`],
      ['a.pub', `${key} password ${secret}\n`],
      ['a.pub', `${key} password=${secret}\n`],
      ['a.pub', `${key} ${token}\n`],
      ['jwks.json', JSON.stringify({ ...jwk, kid: `password=${secret}` })],
      ['jwks.json', JSON.stringify({ ...jwk, kid: `https://ann:${secret}@keys.example.com/1` })],
      ['jwks.json', JSON.stringify({ ...jwk, kid: token })],
    ] as const) {
      const told = JSON.stringify(only(file, content));
      for (const value of [secret, token]) assert.ok(!told.includes(value), content.replaceAll(value, '…'));
    }
    for (const content of [`${line}\r\n`, `- ${line}`, `key = '${line}'`, `no-pty,command="a b" ${line}`])
      assert.equal(only('authorized_keys', content).comment, 'deploy@ci', content);
    assert.equal(only('jwks.json', JSON.stringify({ ...jwk, kid: 'web 2' })).subject, undefined);
    for (const kid of [
      'one',
      'urn:example:key+1',
      randomBytes(32).toString('base64'),
      'https://a.example/k/1',
    ])
      assert.equal(only('jwks.json', JSON.stringify({ ...jwk, kid })).subject, kid);
  });

  it('of SSH are found in certificates, with whom they are for', () => {
    keygen('-t', 'ed25519', '-N', '', '-f', 'ssh_ca');
    keygen('-t', 'ed25519', '-N', '', '-f', 'host');
    keygen(
      '-s',
      'ssh_ca',
      '-I',
      'web 1',
      '-h',
      '-n',
      'web1.example.com',
      '-V',
      '+1d',
      '-z',
      '17',
      'host.pub',
    );
    const key = only('host-cert.pub', text('host-cert.pub'));
    assert.deepEqual(
      [key.form, key.subject, key.names, key.role, key.serialNumber],
      ['ssh-certificate', 'web 1', ['web1.example.com'], 'host', '11'],
    );
    assert.equal(key.spkiSha256, only('host.pub', text('host.pub')).spkiSha256);
  });

  it('are not seen where there is none', () => {
    const pem = text('web.crt');
    for (const [name, content] of [
      ['cut.pem', pem.replace(/\n[^\n]{20}/, '\n...')],
      ['docs.md', '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n'],
      ['prose.md', 'a line that begins with ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA and ends'],
      ['zero.bin', new Uint8Array(5000).fill(0x30)],
    ] as const)
      assert.deepEqual(seen(name, content), [], name);
  });

  it('are looked for within bounds where a file was made against that, and it is said', () => {
    const begin = '-----BEGIN CERTIFICATE-----\n';
    const nested = Buffer.from(begin.repeat(400)).toString('base64');
    for (const [name, content] of [
      ['begins.pem', begin.repeat(200_000)],
      ['begins.p7b', '-----BEGIN PKCS7-----\n'.repeat(200_000)],
      ['nested.yaml', `a: ${nested}\n`.repeat(300)],
      ['ssh.txt', `${'AAAAC3NzaC1lZDI1NTE5'.repeat(200_000)}`],
      ['der.txt', 'MIIBkTCC '.repeat(200_000)],
    ] as const)
      assert.match(
        scanner.scan(name, Buffer.from(content)).skipped[0]?.why ?? '',
        /looked at no further/,
        name,
      );
  });
});
