import { randomUUID } from 'node:crypto';
import type { CertificateRequest, ServiceKeyRequest } from '../../../server/src/backends/contract.ts';
import { buildCertificateRequest } from '../../../server/src/core/credential/build/certificateRequest.ts';
import type { KeyAlgorithm } from '../../../server/src/core/credential/keyAlgorithm.ts';
import type { SubjectNames } from '../../../server/src/core/credential/subjectNames.ts';
import { API_VERSION, type IdentityId } from '../../../server/src/core/identity/identityId.ts';
import type { Secret } from '../../../server/src/core/secret.ts';
import { generateSoftwareKey, softwareSigner } from '../../../server/src/platform/crypto/softwareKeys.ts';

/** Never aborted. */
export const SIGNAL = new AbortController().signal;

export function identity(name: string): IdentityId {
  return { apiVersion: API_VERSION, kind: 'Certificate', namespace: 'payments', name };
}

export function named(...dnsNames: readonly string[]): SubjectNames {
  return { dnsNames, ipAddresses: [], uris: [], emailAddresses: [] };
}

export interface RequestWithKey {
  readonly request: CertificateRequest;
  readonly pkcs8: Secret<Uint8Array>;
  readonly spki: Uint8Array;
}

/** A sound request with a new key; `change` replaces parts of it. */
export async function newRequest(
  change: Partial<CertificateRequest> = {},
  algorithm: KeyAlgorithm = 'ECDSA-P256',
): Promise<RequestWithKey> {
  const { pkcs8, spki } = await generateSoftwareKey(algorithm);
  const names = change.names ?? named('api.example.com');
  const csr = await buildCertificateRequest({ names, signer: softwareSigner(pkcs8, algorithm) }, SIGNAL);
  return {
    pkcs8,
    spki,
    request: {
      requestId: `request-${randomUUID()}`,
      identity: identity('api'),
      csr,
      names,
      usages: ['serverAuth'],
      durationSeconds: 86_400,
      ...change,
    },
  };
}

/** A sound request for a certificate and its key. */
export function newKeyRequest(change: Partial<ServiceKeyRequest> = {}): ServiceKeyRequest {
  return {
    requestId: `request-${randomUUID()}`,
    identity: identity('api'),
    names: named('api.example.com'),
    usages: ['serverAuth'],
    durationSeconds: 86_400,
    keyAlgorithm: 'ECDSA-P256',
    ...change,
  };
}
