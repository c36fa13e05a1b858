import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

function run(program: string, args: readonly string[], cwd: string): string {
  const ran = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.stderr}`);
  return ran.stdout;
}

export const openssl = (folder: string, ...args: readonly string[]): string => run('openssl', args, folder);
export const git = (folder: string, ...args: readonly string[]): string => run('git', args, folder);

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/**
 * A folder as people have them before they declare anything: an authority, a server's certificate with its key and request,
 * a chain in one file, SSH keys and a certificate, a key store, a locked key. Made by openssl and ssh-keygen.
 */
export function makeFoundFolder(folder: string): void {
  for (const sub of ['ca', 'tls', 'ssh', 'java']) mkdirSync(path.join(folder, sub), { recursive: true });
  const leaf = (name: string, host: string, days: number, more = ''): void => {
    const request = ['req', ...NEW_KEY, '-keyout', `tls/${name}.key`, '-out', `tls/${name}.csr`];
    openssl(folder, ...request, '-subj', `/O=Shop/CN=${host}`);
    writeFileSync(
      path.join(folder, 'names'),
      `subjectAltName=DNS:${host}${more}\nextendedKeyUsage=serverAuth\n`,
    );
    const sign = ['x509', '-req', '-in', `tls/${name}.csr`, '-CA', 'ca/root.crt', '-CAkey', 'ca/root.key'];
    openssl(
      folder,
      ...sign,
      '-CAcreateserial',
      '-days',
      String(days),
      '-extfile',
      'names',
      '-out',
      `tls/${name}.crt`,
    );
    rmSync(path.join(folder, 'names'));
  };
  const root = ['req', '-x509', ...NEW_KEY, '-keyout', 'ca/root.key', '-out', 'ca/root.crt'];
  openssl(folder, ...root, '-subj', '/CN=Shop Root', '-days', '3650');
  leaf('shop', 'shop.example.com', 90, ',DNS:*.shop.example.com,IP:192.0.2.1');
  leaf('soon', 'soon.example.com', 5);
  openssl(
    folder,
    'ec',
    '-aes256',
    '-in',
    'tls/soon.key',
    '-out',
    'tls/locked.key',
    '-passout',
    'pass:sealed',
  );
  const store = [
    'pkcs12',
    '-export',
    '-in',
    'tls/soon.crt',
    '-inkey',
    'tls/soon.key',
    '-out',
    'java/store.p12',
  ];
  openssl(folder, ...store, '-passout', 'pass:sealed');
  const keygen = (...args: readonly string[]): string =>
    run('ssh-keygen', ['-q', ...args], path.join(folder, 'ssh'));
  keygen('-t', 'ed25519', '-N', '', '-C', 'deploy@build', '-f', 'id_ed25519');
  keygen('-t', 'ed25519', '-N', '', '-C', 'user authority', '-f', 'user_ca');
  keygen('-t', 'ed25519', '-N', '', '-C', 'backup', '-f', 'backup');
  keygen('-s', 'user_ca', '-I', 'backup-job', '-n', 'backup,restore', '-V', '-1h:+10d', 'backup.pub');
}
