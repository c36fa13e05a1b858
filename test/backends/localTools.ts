import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type {
  Backend,
  CertificateAuthority,
  CertificateRequest,
  IssuedCertificate,
} from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/local/backend.ts';
import type { LocalConfig } from '../../server/src/backends/local/configuration.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import type { Clock } from '../../server/src/core/ports.ts';
import { present } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import { type Disk, makeDisk } from './localContext.ts';

/** The embedded backend on a disk of its own, and programs that judge what it makes. */
export interface Bench extends Disk {
  readonly backend: Backend;
  readonly authority: CertificateAuthority;
  /** Opened again, as another process would. */
  reopen(config?: LocalConfig, clock?: Clock): Promise<CertificateAuthority>;
  issue(request: CertificateRequest): Promise<IssuedCertificate>;
  /** Writes bytes, or certificates as PEM, into the bench's folder. */
  put(name: string, content: Uint8Array | string): string;
  pem(name: string, ...certificates: readonly (Uint8Array | undefined)[]): string;
  run(
    program: string,
    ...args: readonly string[]
  ): { readonly status: number | null; readonly output: string };
}

export async function makeBench(config: LocalConfig = {}, clock?: Clock): Promise<Bench> {
  const disk = await makeDisk();
  const open = async (with_: LocalConfig, now: Clock | undefined): Promise<Backend> =>
    backendType.open(with_, await disk.context(now === undefined ? {} : { clock: now }), SIGNAL);
  const backend = await open(config, clock);
  const authority = present(backend.authority, 'authority');
  const put = (name: string, content: Uint8Array | string): string => {
    writeFileSync(path.join(disk.folder, name), content);
    return name;
  };
  return {
    ...disk,
    backend,
    authority,
    put,
    reopen: async (with_ = config, now = clock) => present((await open(with_, now)).authority, 'authority'),
    issue: async (request) => {
      const outcome = await authority.issue(request, SIGNAL);
      if (outcome.state !== 'issued') throw new Error(`it is ${outcome.state}`);
      return outcome.made;
    },
    pem: (name, ...certificates) =>
      put(name, certificates.map((der) => encodePem('CERTIFICATE', present(der, name))).join('')),
    run: (program, ...args) => {
      const { status, stdout, stderr } = spawnSync(program, args, {
        cwd: disk.folder,
        encoding: 'utf8',
        // No configuration of the machine decides what these tests see.
        env: { ...process.env, OPENSSL_CONF: '/dev/null' },
      });
      return { status, output: `${stdout}${stderr}` };
    },
  };
}
