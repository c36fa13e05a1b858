import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import {
  type CredentialFolder,
  credentialFolder,
  inspect,
  itemsOf,
  rulesOf,
} from '../support/credentialFiles.ts';
import { hasProgram, needs } from '../support/needs.ts';

const KINDS = [
  ['rsa', '2048', 'RSA-2048'],
  ['ecdsa', '256', 'ECDSA-P256'],
  ['ecdsa', '384', 'ECDSA-P384'],
  ['ecdsa', '521', 'ECDSA-P521'],
  ['ed25519', '256', 'Ed25519'],
] as const;

describe('inspect, SSH and PuTTY keys', function () {
  this.timeout(120_000);
  let folder: CredentialFolder;
  const keygen = (...args: string[]) => folder.run('ssh-keygen', args);
  before(function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder = credentialFolder();
    for (const [type, bits, name] of KINDS) {
      keygen('-q', '-t', type, '-b', bits, '-N', '', '-C', `me@${name}`, '-f', name);
      keygen('-q', '-t', type, '-b', bits, '-N', crypto.randomUUID(), '-C', '', '-f', `${name}.locked`);
    }
  });
  after(() => folder?.remove());

  const fingerprint = (file: string): string => keygen('-l', '-f', file).split(' ')[1] ?? '';

  /** By other people's code: OpenSSH's export, and for Ed25519, which it does not export, Node's JWK import. */
  const publicKeyOf = (name: string) => {
    if (name !== 'Ed25519') return createPublicKey(keygen('-e', '-m', 'PKCS8', '-f', `${name}.pub`));
    const blob = Buffer.from(readFileSync(folder.at(`${name}.pub`), 'utf8').split(' ')[1] ?? '', 'base64');
    const x = blob.subarray(-32).toString('base64url');
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  };

  for (const [, , name] of KINDS) {
    it(`shows ${name} as ssh-keygen does, with the hash of its SubjectPublicKeyInfo`, async () => {
      const { items } = await inspect([folder.at(name), folder.at(`${name}.pub`)]);
      const spki = publicKeyOf(name).export({ type: 'spki', format: 'der' });
      const hash = Buffer.from(nodeHasher.hash('sha256', spki)).toString('hex');
      for (const item of items) {
        assert.deepEqual(
          [item.sshFingerprint, item.spkiSha256, item.keyAlgorithm],
          [fingerprint(`${name}.pub`), hash, name],
        );
      }
      assert.deepEqual(
        items.map((item) => [item.type, item.private, item.encrypted]),
        [
          ['private-key', true, false],
          ['public-key', false, false],
        ],
      );
      assert.equal(items[1]?.label, `me@${name}`);
    });

    it(`shows the public half of an encrypted ${name} key`, async () => {
      const { items } = await inspect([folder.at(`${name}.locked`)]);
      assert.deepEqual(
        items.map((item) => [item.sshFingerprint, item.encrypted, item.encryption]),
        [[fingerprint(`${name}.locked.pub`), true, 'aes256-ctr, bcrypt']],
      );
      assert.deepEqual(rulesOf(items), ['credential/locked']);
    });
  }

  it('reads certificates: who, for whom, until when, and by which authority', async () => {
    keygen(
      '-q',
      '-s',
      'Ed25519',
      '-I',
      'api@acme',
      '-n',
      'alice,bob',
      '-V',
      '20260101000000Z:20270101000000Z',
      '-z',
      '300',
      '-O',
      'force-command=uptime',
      'RSA-2048.pub',
    );
    keygen('-q', '-s', 'Ed25519', '-h', '-I', 'host', '-V', 'always:forever', 'ECDSA-P256.pub');
    const now = new Date('2026-06-01T00:00:00Z');
    const { items } = await inspect([folder.at('RSA-2048-cert.pub'), folder.at('ECDSA-P256-cert.pub')], {
      now,
    });
    const [user, host] = items;
    assert.deepEqual(
      [user?.type, user?.subject, user?.serialNumber, user?.notBefore, user?.notAfter, user?.daysLeft],
      ['ssh-certificate', 'api@acme', '012c', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', 214],
    );
    assert.deepEqual(
      [user?.ssh?.kind, user?.ssh?.principals, user?.ssh?.criticalOptions],
      ['user', ['alice', 'bob'], ['force-command=uptime']],
    );
    assert.equal(user?.issuer, fingerprint('Ed25519.pub'));
    assert.equal(user?.sshFingerprint, fingerprint('RSA-2048.pub'));
    assert.deepEqual([host?.ssh?.kind, host?.notBefore, host?.notAfter], ['host', null, null]);
    assert.deepEqual(rulesOf(items), []);
    const later = await inspect([folder.at('RSA-2048-cert.pub')], { now: new Date('2027-06-01T00:00:00Z') });
    assert.deepEqual(rulesOf(later.items), ['certificate/expired']);
  });

  it('reads authorized_keys and known_hosts line by line', async () => {
    const key = (name: string) => readFileSync(folder.at(`${name}.pub`), 'utf8').trim();
    const bare = (name: string) => key(name).split(' ').slice(0, 2).join(' ');
    const authorized = [
      '# people',
      '',
      `restrict,command="echo \\"hi there\\"" ${key('RSA-2048')}`,
      `  ${key('Ed25519')}`,
    ];
    const hosts = [
      `db.acme,10.0.0.1 ${bare('Ed25519')}`,
      `@cert-authority *.acme ${bare('RSA-2048')} ca`,
      `|1|c2FsdA==|aGFzaA== ${bare('ECDSA-P256')}`,
    ];
    const a = await itemsOf(authorized.join('\n'), 'home/authorized_keys');
    assert.deepEqual(
      a.map((item) => [item.range.start.line, item.keyAlgorithm, item.options, item.label]),
      [
        [2, 'RSA-2048', 'restrict,command="echo \\"hi there\\""', 'me@RSA-2048'],
        [3, 'Ed25519', null, 'me@Ed25519'],
      ],
    );
    const h = await itemsOf(hosts.join('\n'), 'home/known_hosts');
    assert.deepEqual(
      h.map((item) => [item.keyAlgorithm, item.hosts]),
      [
        ['Ed25519', 'db.acme,10.0.0.1'],
        ['RSA-2048', '@cert-authority *.acme'],
        ['ECDSA-P256', '|1|c2FsdA==|aGFzaA=='],
      ],
    );
  });

  it('reports a damaged line in its place and goes on', async () => {
    const good = readFileSync(folder.at('Ed25519.pub'), 'utf8');
    const items = await itemsOf(
      `ssh-ed25519 AAAA%%%% broken\n${good.replace('ssh-ed25519', 'ssh-rsa')}${good}`,
      'x.pub',
    );
    assert.deepEqual(
      items.map(({ range, findings }) => [range.start.line, findings.map(({ rule }) => rule)]),
      [
        [0, ['credential/damaged']],
        [1, ['credential/damaged']],
        [2, []],
      ],
    );
  });

  it('reads the public key files of other programs', async () => {
    folder.write('ssh2.pub', keygen('-e', '-f', 'RSA-2048.pub'));
    const { items } = await inspect([folder.at('ssh2.pub')]);
    assert.deepEqual(
      items.map((item) => [item.format, item.sshFingerprint]),
      [['SSH2', fingerprint('RSA-2048.pub')]],
    );
  });

  it('reads PuTTY files by their public half', async () => {
    const blob = readFileSync(folder.at('Ed25519.pub'), 'utf8').split(' ')[1] ?? '';
    const ppk = (version: number, encryption: string) =>
      [
        `PuTTY-User-Key-File-${version}: ssh-ed25519`,
        `Encryption: ${encryption}`,
        'Comment: laptop',
        `Public-Lines: ${Math.ceil(blob.length / 64)}`,
        ...(blob.match(/.{1,64}/g) ?? []),
        ...(version === 3 && encryption !== 'none' ? ['Key-Derivation: Argon2id'] : []),
        'Private-Lines: 1',
        Buffer.from(crypto.getRandomValues(new Uint8Array(36))).toString('base64'),
        `Private-MAC: ${'0'.repeat(64)}`,
      ].join('\r\n');
    for (const version of [2, 3]) {
      const [open] = await itemsOf(ppk(version, 'none'), 'k.ppk');
      assert.deepEqual(
        [open?.format, open?.sshFingerprint, open?.label],
        ['PuTTY', fingerprint('Ed25519.pub'), 'laptop'],
      );
      assert.deepEqual(rulesOf(open ? [open] : []), ['key/private-in-file']);
      const [locked] = await itemsOf(ppk(version, 'aes256-cbc'), 'k.ppk');
      assert.deepEqual([locked?.encrypted, locked?.sshFingerprint], [true, fingerprint('Ed25519.pub')]);
      assert.deepEqual(rulesOf(locked ? [locked] : []), ['credential/locked']);
    }
    assert.ok(
      rulesOf(await itemsOf('PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n', 'k.ppk')).includes(
        'credential/damaged',
      ),
    );
  });

  it('reads what puttygen writes', async function () {
    needs(this, 'puttygen', hasProgram('puttygen'));
    folder.run('puttygen', ['Ed25519', '-o', 'real.ppk']);
    const { items } = await inspect([folder.at('real.ppk')]);
    assert.deepEqual(
      items.map((item) => [item.format, item.sshFingerprint]),
      [['PuTTY', fingerprint('Ed25519.pub')]],
    );
  });

  it('knows the key of an SSH file and of a PEM file as one', async () => {
    keygen('-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', 'both');
    folder.run('cp', ['both', 'both.pem']);
    folder.run('chmod', ['600', 'both.pem']);
    keygen('-q', '-p', '-N', '', '-m', 'PEM', '-f', 'both.pem');
    assert.ok(createPrivateKey(readFileSync(folder.at('both.pem'))));
    const { shared } = await inspect([folder.at('both.pub'), folder.at('both.pem')]);
    assert.equal(shared.length, 1);
  });
});
