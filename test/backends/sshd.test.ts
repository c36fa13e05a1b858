import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import type {
  SshAuthority,
  SshCertificateRequest,
  SshLedgerEntry,
} from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/local/backend.ts';
import type { LocalConfig } from '../../server/src/backends/local/configuration.ts';
import { encodeSshPrivateKey } from '../../server/src/core/credential/ssh/encodePrivateKey.ts';
import { encodeSshKey, sshKeyLine } from '../../server/src/core/credential/ssh/encodePublicKey.ts';
import type { Clock } from '../../server/src/core/ports.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { generateSoftwareKey, type SoftwareKey } from '../../server/src/platform/crypto/softwareKeys.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { present } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import { newSshKey, newSshRequest, sshIdentity } from './contract/sshRequests.ts';
import { type Disk, makeDisk, testClock } from './localContext.ts';
import { findSshd, type Sshd, startSshd } from './sshdServer.ts';

const HOST = 'web.example.test';
const PRINCIPAL = 'deploy';
const CONFIG: LocalConfig = {
  ssh: {
    krl: { path: 'ssh/revoked_keys.krl' },
    publish: {
      userAuthorities: 'ssh/user_ca.pub',
      hostAuthorities: 'ssh/known_hosts',
      hostPatterns: ['*.example.test'],
    },
  },
};

/** A key as files that ssh takes. */
interface Identity {
  readonly key: SoftwareKey;
  readonly args: readonly string[];
}

describe('embedded SSH authority, before a real sshd and ssh', function () {
  this.timeout(120_000);
  const program = findSshd();
  let disk: Disk;
  let authority: SshAuthority;
  let sshd: Sshd | undefined;
  let host: SshLedgerEntry;
  let files = 0;

  const at = (name: string): string => path.join(disk.folder, name);
  const published = (name: string): string => path.join(disk.project, 'ssh', name);

  before(async function () {
    needs(this, 'ssh', hasProgram('ssh', '-V'));
    needs(this, 'sshd', program !== undefined);
    disk = await makeDisk();
    authority = await open();
    const key = await generateSoftwareKey('ECDSA-P256');
    host = await issue({
      spki: key.spki,
      certificateType: 'host',
      keyId: 'SshCertificate/shop/web',
      principals: [HOST],
      extensions: [],
    });
    writePrivate('host_key', key);
    writeFileSync(at('host_key-cert.pub'), `${sshKeyLine(host.blob)}\n`);
    writeFileSync(at('principals'), `${PRINCIPAL}\n`);
    writeFileSync(at('authorized_keys'), '');
    await publish();
    sshd = await startSshd(present(program, 'sshd'), disk.folder, [
      `HostKey ${at('host_key')}`,
      `HostCertificate ${at('host_key-cert.pub')}`,
      `TrustedUserCAKeys ${published('user_ca.pub')}`,
      `RevokedKeys ${published('revoked_keys.krl')}`,
      `AuthorizedPrincipalsFile ${at('principals')}`,
      `AuthorizedKeysFile ${at('authorized_keys')}`,
    ]);
  });
  after(async () => {
    await sshd?.stop();
    await disk?.cleanup();
  });

  async function open(clock?: Clock): Promise<SshAuthority> {
    const context = await disk.context(clock === undefined ? {} : { clock });
    return present((await backendType.open(CONFIG, context, SIGNAL)).ssh, 'SSH authority');
  }

  async function publish(): Promise<void> {
    assert.deepEqual(await present(authority.publish, 'publish')(SIGNAL), [
      'ssh/revoked_keys.krl',
      'ssh/user_ca.pub',
      'ssh/known_hosts',
    ]);
  }

  async function issue(
    change: Partial<SshCertificateRequest>,
    by: SshAuthority = authority,
  ): Promise<SshLedgerEntry> {
    const { request } = await newSshRequest({ principals: [PRINCIPAL], ...change });
    const outcome = await by.issue(request, SIGNAL);
    assert.equal(outcome.state, 'issued');
    return outcome.made;
  }

  function writePrivate(name: string, { pkcs8, spki }: SoftwareKey): string {
    const file = present(encodeSshPrivateKey({ pkcs8, spki, comment: name }, nodeRandom), 'private key');
    writeFileSync(at(name), file.reveal(), { mode: 0o600 });
    return at(name);
  }

  async function identity(): Promise<Identity> {
    const key = await generateSoftwareKey('Ed25519');
    return { key, args: ['-i', writePrivate(`user_${++files}`, key)] };
  }

  /** With a certificate that the authority gives for these wishes. */
  async function certified(change: Partial<SshCertificateRequest> = {}, by?: SshAuthority) {
    const { key, args } = await identity();
    const made = await issue({ spki: key.spki, ...change }, by);
    const file = at(`user_${files}-cert.pub`);
    writeFileSync(file, `${sshKeyLine(made.blob)}\n`);
    return { made, args: [...args, '-o', `CertificateFile=${file}`] };
  }

  /** What a person sees who logs in there, and what the server says of it. */
  function logIn(
    args: readonly string[],
    { as = HOST, command = 'echo let in' } = {},
  ): Promise<{ readonly status: number; readonly output: string; heard(pattern: RegExp): Promise<string> }> {
    const server = present(sshd, 'sshd');
    const before = server.log().length;
    const options = [
      'BatchMode=yes',
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${published('known_hosts')}`,
      'GlobalKnownHostsFile=none',
      `HostKeyAlias=${as}`,
      'ConnectTimeout=20',
    ].flatMap((option) => ['-o', option]);
    const who = `${userInfo().username}@127.0.0.1`;
    const line = ['-F', 'none', '-p', String(server.port), ...options, ...args, who, command];
    return new Promise((resolve) => {
      execFile('ssh', line, (error, stdout, stderr) =>
        resolve({
          status: typeof error?.code === 'number' ? error.code : 0,
          output: `${stdout}${stderr}`,
          heard: (pattern) => server.heard(pattern, before),
        }),
      );
    });
  }

  async function isLetIn(args: readonly string[]): Promise<void> {
    const { status, output } = await logIn(args);
    assert.deepEqual([status, output], [0, 'let in\n'], sshd?.log());
  }

  /** `why`: what the server's log says. */
  async function isRefused(args: readonly string[], why: RegExp): Promise<void> {
    const { status, output, heard } = await logIn(args);
    assert.equal(status, 255, output);
    assert.match(output, /Permission denied \(publickey\)/);
    await heard(why);
  }

  it('a fresh user certificate is let in, and the host is known by its authority alone', async () => {
    const { args, made } = await certified();
    await isLetIn(args);
    const { heard } = await logIn(args);
    const serial = BigInt(`0x${made.serialNumber}`);
    await heard(new RegExp(`ID SshCertificate/payments/deploy \\(serial ${serial}\\) CA ED25519`));
  });

  it('a revoked user certificate is not let in, and others still are', async () => {
    const lost = await certified();
    const kept = await certified();
    await isLetIn(lost.args);
    await authority.revoke(lost.made.serialNumber, 'keyCompromise', SIGNAL);
    await publish();
    await isRefused(lost.args, /revoked by file/);
    await isLetIn(kept.args);
  });

  it('an expired user certificate is not let in, nor one that is not valid yet', async () => {
    const day = 86_400_000;
    const before = await open(testClock(new Date(Date.now() - 3 * day).toISOString()));
    await isRefused((await certified({}, before)).args, /Certificate invalid: expired/);
    const later = await open(testClock(new Date(Date.now() + 3 * day).toISOString()));
    await isRefused((await certified({}, later)).args, /Certificate invalid: not yet valid/);
  });

  it('a user certificate for another principal, or from another address, is not let in', async () => {
    const other = await certified({ principals: ['backup'] });
    await isRefused(other.args, /does not contain an authorized principal/);
    const elsewhere = await certified({ criticalOptions: { 'source-address': '192.0.2.0/24' } });
    await isRefused(elsewhere.args, /not from a permitted source address|source-address/i);
    const here = await certified({ criticalOptions: { 'source-address': '192.0.2.7,127.0.0.0/8' } });
    await isLetIn(here.args);
  });

  it('a user certificate that is bound to a command runs nothing else', async () => {
    const { args } = await certified({ criticalOptions: { 'force-command': 'echo bound' } });
    const { status, output } = await logIn(args);
    assert.deepEqual([status, output], [0, 'bound\n']);
  });

  it('a host certificate opens no account', async () => {
    const { args } = await certified({ certificateType: 'host', principals: [HOST], extensions: [] });
    const { status, output, heard } = await logIn(args);
    assert.equal(status, 255, output);
    await heard(/Failed publickey/);
  });

  it('an enrolled plain key is let in until it is revoked, and then what is certified over it neither', async () => {
    const { key, args } = await identity();
    const enrol = present(authority.enrol, 'enrol');
    const request = await newSshKey({ identity: sshIdentity('batch', 'SshKey'), spki: key.spki });
    const made = await enrol(request, SIGNAL);
    const certificate = await issue({ spki: key.spki });
    writeFileSync(at('over_plain-cert.pub'), `${sshKeyLine(certificate.blob)}\n`);
    const withCertificate = [...args, '-o', `CertificateFile=${at('over_plain-cert.pub')}`];
    const plain = present(encodeSshKey(key.spki), 'public key');
    writeFileSync(at('authorized_keys'), `${sshKeyLine(plain, 'batch')}\n`);
    await isLetIn(args);
    await authority.revoke(made.serialNumber, 'superseded', SIGNAL);
    await publish();
    await isRefused(args, /revoked by file/);
    await isRefused(withCertificate, /revoked by file/);
  });

  it('the host is refused under a name that its certificate does not hold', async () => {
    const { args } = await certified();
    const { status, output } = await logIn(args, { as: 'db.example.test' });
    assert.equal(status, 255);
    assert.match(output, /name is not a listed principal/);
    const elsewhere = await logIn(args, { as: 'web.example.org' });
    assert.equal(elsewhere.status, 255);
    assert.match(elsewhere.output, /Host key verification failed/);
  });

  it('a revoked host certificate is refused', async () => {
    const { args } = await certified();
    const careful = [...args, '-o', `RevokedHostKeys=${published('revoked_keys.krl')}`];
    await isLetIn(careful);
    await authority.revoke(host.serialNumber, 'cessationOfOperation', SIGNAL);
    await publish();
    const { status, output } = await logIn(careful);
    assert.equal(status, 255);
    assert.match(output, /revoked/i);
  });
});
