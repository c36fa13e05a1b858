/** What a responder is asked about one certificate (RFC 6960, 4.1.1). */
import { TAG } from '../../credential/der.ts';
import { element, oidElement } from '../../credential/derWriter.ts';
import { concat } from '../../credential/octets.ts';
import type { Hasher } from '../../ports.ts';
import type { PathCertificate } from '../pathCertificate.ts';
import { keyBits } from './keyBits.ts';
import { NONCE } from './ocspStatus.ts';

const SHA1 = '1.3.14.3.2.26';
const EXTENSIONS = 0xa2;

/** RFC 9654, 2.1 wants 32 octets of whoever asks. */
export const NONCE_OCTETS = 32;

/** As it stands in the extension. */
export function nonceValue(random: Uint8Array): Uint8Array {
  return element(TAG.octetString, random);
}

/**
 * Names and keys are hashed with SHA-1: it identifies and proves nothing, and all responders know it (RFC 5019, 2.1.1).
 * Undefined where the key of the issuer cannot be read.
 */
export function ocspQuestion(
  { serial, issuerDer }: PathCertificate,
  issuer: PathCertificate,
  hasher: Hasher,
  nonce: Uint8Array | undefined,
): Uint8Array | undefined {
  const key = keyBits(issuer.spki);
  if (key === undefined) return undefined;
  const certId = element(
    TAG.sequence,
    element(TAG.sequence, oidElement(SHA1), element(TAG.null, new Uint8Array())),
    element(TAG.octetString, hasher.hash('sha1', issuerDer)),
    element(TAG.octetString, hasher.hash('sha1', key)),
    element(TAG.integer, serial),
  );
  const requests = element(TAG.sequence, element(TAG.sequence, certId));
  const extensions =
    nonce === undefined
      ? new Uint8Array()
      : element(
          EXTENSIONS,
          element(TAG.sequence, element(TAG.sequence, oidElement(NONCE), element(TAG.octetString, nonce))),
        );
  return element(TAG.sequence, element(TAG.sequence, concat(requests, extensions)));
}
