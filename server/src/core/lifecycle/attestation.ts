import type { IdentityId } from '../identity/identityId.ts';
import { formatIdentity } from '../identity/identityId.ts';
import type { CertificateFacts, IssuedEvent } from './event.ts';
import type { Generation } from './record.ts';

/**
 * What its authority says about a recorded certificate. A record is a file of the repository, and whoever can commit can
 * write one, so nothing is ended on the record's word alone. `unknown`: this authority never issued it, as when another
 * clone has an authority of its own under the same name.
 */
export type Attestation = 'good' | 'revoked' | 'unknown';

/** What an authority remembers of one issuance, as far as it can be compared with the record. */
export interface RememberedIssuance {
  readonly requestId: string;
  readonly machine?: string;
  /** Read from the certificate that the authority holds; undefined when it cannot be read. */
  readonly certificate: CertificateFacts | undefined;
}

/** The same on every retry, and of no other generation of any identity. */
export function requestIdOf(identity: IdentityId, generation: string): string {
  return `${formatIdentity(identity)}#${generation}`;
}

function keyFolder({ kind, namespace, name }: IdentityId): string {
  return `${kind.toLowerCase()}/${namespace}/${name}/`;
}

/** What a key store calls the key of a generation. Names hold no slash, so no identity's keys look like another's. */
export function keyIdOf(identity: IdentityId, bearer: string | null, generation: string): string {
  return `${keyFolder(identity)}${bearer === null ? '' : `${bearer}/`}${generation}`;
}

/** Whether the key that the event names is one of its own identity. */
export function namesOwnKey({ identity, key }: IssuedEvent): boolean {
  return key.keyId === undefined || key.keyId.startsWith(keyFolder(identity));
}

/** Whether the recorded generation is the issuance that the authority remembers under its serial number. */
export function isRemembered(generation: Generation, remembered: RememberedIssuance): boolean {
  const { certificate, issued, id, machine } = generation;
  const { certificate: held } = remembered;
  return (
    remembered.requestId === requestIdOf(issued.identity, id) &&
    (remembered.machine ?? null) === machine &&
    held?.fingerprintSha256 === certificate.fingerprintSha256 &&
    held.serialNumber === certificate.serialNumber &&
    held.spkiSha256 === certificate.spkiSha256 &&
    Date.parse(held.notBefore) === Date.parse(certificate.notBefore) &&
    Date.parse(held.notAfter) === Date.parse(certificate.notAfter)
  );
}
