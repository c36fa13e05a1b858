import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import {
  CLASSICAL_KEY_ALGORITHMS,
  type KeyAlgorithm,
} from '../../../server/src/core/credential/keyAlgorithm.ts';
import {
  buildSshCertificate,
  type SshCertificateContent,
} from '../../../server/src/core/credential/ssh/buildCertificate.ts';
import type { Signer } from '../../../server/src/core/ports.ts';
import { nodeRandom } from '../../../server/src/platform/crypto/randomSource.ts';
import {
  generateSoftwareKey,
  type SoftwareKey,
  softwareSigner,
} from '../../../server/src/platform/crypto/softwareKeys.ts';
import { type CredentialFolder, credentialFolder } from '../../support/credentialFiles.ts';

export const SIGNAL = new AbortController().signal;

/** One key of each algorithm, made once for a test file: RSA-4096 takes seconds. */
export async function keysOfAll(): Promise<ReadonlyMap<KeyAlgorithm, SoftwareKey>> {
  const keys = new Map<KeyAlgorithm, SoftwareKey>();
  for (const algorithm of CLASSICAL_KEY_ALGORITHMS) keys.set(algorithm, await generateSoftwareKey(algorithm));
  return keys;
}

export async function newSigner(algorithm: KeyAlgorithm): Promise<Signer> {
  return softwareSigner((await generateSoftwareKey(algorithm)).pkcs8, algorithm);
}

/** A sound certificate; `change` replaces parts of it. */
export async function certify(
  change: Pick<SshCertificateContent, 'spki' | 'signer'> & Partial<SshCertificateContent>,
): Promise<Uint8Array> {
  const blob = await buildSshCertificate(
    {
      nonce: nodeRandom.bytes(32),
      serialNumber: 7n,
      type: 'user',
      keyId: 'alice@example',
      principals: ['alice'],
      validAfter: new Date('2026-01-01T00:00:00Z'),
      validBefore: new Date('2036-01-01T00:00:00Z'),
      criticalOptions: {},
      extensions: ['permit-pty'],
      ...change,
    },
    SIGNAL,
  );
  if (blob === undefined) throw new Error('not built');
  return blob;
}

/** A folder in which ssh-keygen judges. */
export interface Judge extends CredentialFolder {
  keygen(...args: readonly string[]): string;
  /** Exit status and all output, where a failure is an answer. */
  ask(...args: readonly string[]): { readonly status: number; readonly output: string };
  writePrivate(name: string, content: string): string;
}

export function judge(): Judge {
  const folder = credentialFolder();
  // It shows local times.
  const env = { ...process.env, TZ: 'UTC' };
  const keygen = (...args: readonly string[]): string =>
    execFileSync('ssh-keygen', args, { cwd: folder.path, stdio: 'pipe', env }).toString();
  return {
    ...folder,
    keygen,
    ask: (...args) => {
      try {
        return { status: 0, output: keygen(...args) };
      } catch (error) {
        const { status, stdout, stderr } = error as { status: number; stdout: Buffer; stderr: Buffer };
        return { status, output: `${stdout}${stderr}` };
      }
    },
    writePrivate: (name, content) => {
      const path = folder.write(name, content);
      chmodSync(path, 0o600);
      return path;
    },
  };
}
