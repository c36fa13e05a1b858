/** OpenSSH certificates, and lists of revoked keys: made by ssh-keygen, and judged beside ssh-keygen -Q. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

interface Item {
  readonly type: string;
  readonly sshRevocation: { readonly status: string; readonly reason: string | null } | null;
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
}

describe('idac inspect of SSH certificates', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    box = sandbox({ git: false });
    for (const name of ['ca', 'other-ca', 'alice', 'bob', 'host']) key(name);
  });
  after(() => box?.remove());

  const keygen = (...args: readonly string[]): string =>
    execFileSync('ssh-keygen', args, {
      cwd: box.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const inBox = (file: string): string => path.join(box.folder, file);
  function key(name: string, ...args: readonly string[]): void {
    keygen('-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', name, ...args);
  }
  const SOUND = ['-n', 'alice', '-V', '-1h:+1d'];
  /** Signs `alice.pub`, or what is named; gives the name of the file. */
  const certify = (name: string, args: readonly string[], by = 'ca', subject = 'alice'): string => {
    writeFileSync(inBox(`${name}.pub`), readFileSync(inBox(`${subject}.pub`)));
    keygen('-q', '-s', by, '-I', `id of ${name}`, ...args, `${name}.pub`);
    return `${name}-cert.pub`;
  };
  const inspect = async (file: string, ...args: readonly string[]): Promise<Item & { code: number }> => {
    const { code, data, err } = await box.json(['inspect', file, ...args]);
    const [item] = data['items'] as readonly Item[];
    assert.ok(item, err);
    return { ...item, code };
  };
  const rules = ({ findings }: Item): readonly string[] => findings.map(({ rule }) => rule);

  it('finds nothing wrong with sound ones', async () => {
    for (const args of [SOUND, ['-h', '-n', 'gate.example.test', '-V', '-1d:+300d']])
      assert.deepEqual(rules(await inspect(certify('sound', args))), []);
    const limited = [
      ...SOUND,
      '-O',
      'source-address=192.0.2.0/24',
      '-O',
      'force-command=uptime',
      '-O',
      'no-pty',
    ];
    assert.deepEqual(rules(await inspect(certify('limited', limited))), []);
  });

  it('says what they give away, and what sshd makes of it', async () => {
    key('rsa-ca', '-t', 'rsa', '-b', '2048');
    const old = ['-O', 'extension:permit-everything', ...SOUND];
    for (const [name, args, expected, said, by] of [
      ['anybody', ['-V', '-1h:+1d'], ['ssh/any-principal'], /counts for every account/],
      ['any-host', ['-h', '-n', '*', '-V', '-1h:+1d'], ['ssh/any-principal'], /stands for every host/],
      ['wild', ['-n', 'adm*', '-V', '-1h:+1d'], ['ssh/principal'], /nothing but itself/],
      ['ever', ['-n', 'alice'], ['ssh/long-lived'], /for ever/],
      ['year', ['-n', 'alice', '-V', '-1d:+365d'], ['ssh/long-lived'], /for 366 days; 90 days are much/],
      ['unknown', [...SOUND, '-O', 'critical:login@example.test=now'], ['ssh/option'], /so sshd refuses it/],
      ['ignored', old, ['ssh/option'], /"permit-everything" is not known to OpenSSH/],
      ['sha1', [...SOUND, '-t', 'ssh-rsa'], ['credential/weak-signature'], /SHA-1/, 'rsa-ca'],
      ['ssh_host_ed25519_key', SOUND, ['ssh/wrong-type'], /the certificate is for users/],
      [
        'id_ed25519',
        ['-h', '-n', 'gate', '-V', '-1h:+1d'],
        ['ssh/wrong-type'],
        /the certificate is for hosts/,
      ],
    ] as const) {
      const item = await inspect(certify(name, args, by));
      assert.deepEqual(rules(item), expected, name);
      assert.match(item.findings[0]?.message ?? '', said);
    }
    assert.deepEqual(rules(await inspect('anybody-cert.pub', '--lint', 'none')), []);
  });

  it('notices one that was changed after it was signed', async () => {
    const file = certify('changed', SOUND);
    const [type = '', base64 = ''] = readFileSync(inBox(file), 'utf8').split(' ');
    const blob = Buffer.from(base64, 'base64');
    const at = blob.indexOf('alice', blob.indexOf('id of'));
    blob.write('admin', at);
    writeFileSync(inBox(file), `${type} ${blob.toString('base64')} x\n`);
    assert.deepEqual(rules(await inspect(file)), ['ssh/bad-signature']);
  });

  it('tells revoked ones by serial number, range, key id, key, hash and authority as ssh-keygen -Q does', async () => {
    const files = [1, 2, 5, 9, 63, 64, 70, 1000].map((serial) =>
      certify(`n${serial}`, [...SOUND, '-z', String(serial)]),
    );
    files.push(
      certify('zero', [...SOUND, '-z', '0']),
      certify('by-other', [...SOUND, '-z', '5'], 'other-ca'),
    );
    files.push(certify('of-bob', [...SOUND, '-z', '2000'], 'ca', 'bob'), 'alice.pub', 'bob.pub');
    const lists: readonly (readonly [string, string, ...string[]])[] = [
      ['serial', 'serial: 5\nserial: 9\n', '-s', 'ca.pub'],
      ['range', 'serial: 60-70\nserial: 1-2\n', '-s', 'ca.pub'],
      ['bitmap', `${[1, 3, 5, 9, 64].map((serial) => `serial: ${serial}`).join('\n')}\n`, '-s', 'ca.pub'],
      ['key-id', 'id: id of n70\n', '-s', 'ca.pub'],
      ['any-authority', 'id: id of by-other\n', '-s', 'none'],
      ['key', readFileSync(inBox('bob.pub'), 'utf8')],
      ['sha1', `sha1: ${readFileSync(inBox('bob.pub'), 'utf8')}`],
      ['sha256', `sha256: ${readFileSync(inBox('bob.pub'), 'utf8')}`],
      ['hash', `hash: ${keygen('-lf', 'bob.pub').split(' ')[1]}\n`],
      ['authority', readFileSync(inBox('other-ca.pub'), 'utf8')],
      ['nothing', ''],
    ];
    let revoked = 0;
    for (const [name, content, ...args] of lists) {
      writeFileSync(inBox(`${name}.txt`), content);
      keygen('-q', '-k', '-f', `${name}.krl`, ...args, `${name}.txt`);
      const { data } = await box.json(['inspect', ...files, '--krl', `${name}.krl`]);
      const items = data['items'] as readonly (Item & { readonly file: string })[];
      for (const file of files) {
        const { stdout } = spawnSync('ssh-keygen', ['-Q', '-f', `${name}.krl`, file], { cwd: box.folder });
        const isRevoked = String(stdout).includes('REVOKED');
        const item = items.find((each) => each.file === file);
        assert.equal(item?.sshRevocation?.status, isRevoked ? 'revoked' : 'good', `${file} by ${name}.krl`);
        if (isRevoked) revoked += 1;
      }
    }
    assert.ok(revoked >= 20, `${revoked} were revoked`);
  });

  it('reads a list of keys one a line, and says where a list cannot be read', async () => {
    writeFileSync(inBox('keys.txt'), readFileSync(inBox('alice.pub')));
    const listed = await inspect('n5-cert.pub', '--krl', 'keys.txt');
    assert.equal(listed.code, 1);
    assert.deepEqual(rules(listed), ['ssh/revoked']);
    assert.match(listed.sshRevocation?.reason ?? '', /keys\.txt revokes it by the key/);
    assert.match(
      (await box.idac(['inspect', 'n5-cert.pub', '--krl', 'keys.txt'])).out,
      /revocation +revoked/,
    );
    writeFileSync(inBox('cut.krl'), readFileSync(inBox('range.krl')).subarray(0, -3));
    const cut = await inspect('n9-cert.pub', '--krl', 'cut.krl');
    assert.deepEqual([cut.code, cut.sshRevocation?.status], [0, 'unknown']);
    assert.deepEqual(rules(cut), ['ssh/revocation-unknown']);
    assert.equal((await box.idac(['inspect', 'n9-cert.pub', '--krl', 'none.krl'])).code, 2);
  });

  it('ends with a reason for any octets', async () => {
    const whole = readFileSync(inBox('bitmap.krl'));
    const files: string[] = [];
    for (let round = 0; round < 300; round += 1) {
      const krl = Buffer.from(round % 2 === 0 ? whole : randomBytes(randomInt(1, 200)));
      for (let count = randomInt(1, 4); count > 0; count -= 1)
        krl[randomInt(8, krl.length + 8) % krl.length] = randomInt(256);
      writeFileSync(inBox(`fuzz${round}.krl`), krl.subarray(0, randomInt(krl.length + 1)));
      files.push('--krl', `fuzz${round}.krl`);
    }
    const { sshRevocation } = await inspect('n9-cert.pub', ...files);
    assert.ok(sshRevocation !== null && sshRevocation.reason !== null);
    // A bit map of a million bits, every other one of which is set: half a million ranges.
    const bits = Buffer.alloc(4_000_000, 0x55);
    const string = (content: Uint8Array): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(content.length);
      return Buffer.concat([length, content]);
    };
    const section = (type: number, content: Uint8Array): Buffer =>
      Buffer.concat([Buffer.of(type), string(content)]);
    const bitmap = section(0x22, Buffer.concat([Buffer.alloc(8), string(bits)]));
    const certificates = section(
      1,
      Buffer.concat([string(Buffer.alloc(0)), string(Buffer.alloc(0)), bitmap]),
    );
    const comment = string(Buffer.alloc(0));
    const head = Buffer.concat([Buffer.from('SSHKRL\n\0'), Buffer.of(0, 0, 0, 1), Buffer.alloc(24)]);
    writeFileSync(inBox('huge.krl'), Buffer.concat([head, string(Buffer.alloc(0)), comment, certificates]));
    const huge = await inspect('zero-cert.pub', '--krl', 'huge.krl');
    assert.equal(huge.sshRevocation?.status, 'unknown');
    assert.match(huge.sshRevocation?.reason ?? '', /more than 1000000 entries/);
  });
});
