import { randomUUID } from 'node:crypto';
import type { SshCertificateRequest, SshKeyRequest } from '../../../server/src/backends/contract.ts';
import type { KeyAlgorithm } from '../../../server/src/core/credential/keyAlgorithm.ts';
import { API_VERSION, type IdentityId } from '../../../server/src/core/identity/identityId.ts';
import { generateSoftwareKey, type SoftwareKey } from '../../../server/src/platform/crypto/softwareKeys.ts';

export function sshIdentity(name: string, kind = 'SshCertificate'): IdentityId {
  return { apiVersion: API_VERSION, kind, namespace: 'payments', name };
}

export interface SshRequestWithKey extends SoftwareKey {
  readonly request: SshCertificateRequest;
}

/** A sound request of a user certificate with a new key; `change` replaces parts of it. */
export async function newSshRequest(
  change: Partial<SshCertificateRequest> = {},
  algorithm: KeyAlgorithm = 'Ed25519',
): Promise<SshRequestWithKey> {
  const key = await generateSoftwareKey(algorithm);
  return {
    ...key,
    request: {
      requestId: `request-${randomUUID()}`,
      identity: sshIdentity('deploy'),
      spki: key.spki,
      certificateType: 'user',
      keyId: 'SshCertificate/payments/deploy',
      principals: ['deploy'],
      criticalOptions: {},
      extensions: ['permit-pty'],
      durationSeconds: 86_400,
      ...change,
    },
  };
}

export async function newSshKey(change: Partial<SshKeyRequest> = {}): Promise<SshKeyRequest> {
  const { spki } = await generateSoftwareKey('Ed25519');
  return {
    requestId: `request-${randomUUID()}`,
    identity: sshIdentity('backup', 'SshKey'),
    spki,
    durationSeconds: 365 * 86_400,
    ...change,
  };
}
