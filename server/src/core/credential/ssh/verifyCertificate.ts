import type { Hasher, SignatureVerifier, VerifyOutcome } from '../../ports.ts';
import { decodeSshKey } from './publicKey.ts';
import { verifySsh } from './signature.ts';

/**
 * Whether the authority that the certificate names signed it. It says nothing of dates or of whether that authority is
 * trusted. An authority that is itself a certificate does not count (PROTOCOL.certkeys: "chained" ones are refused).
 */
export function verifySshCertificate(
  blob: Uint8Array,
  verifier: SignatureVerifier,
  hasher: Hasher,
): VerifyOutcome {
  const { value, problems } = decodeSshKey(blob, hasher);
  if (value?.fields === undefined || problems.length > 0) return 'bad';
  const { authority, signedLength, signature } = value.fields;
  const issuer = decodeSshKey(authority, hasher);
  if (issuer.value === undefined || issuer.problems.length > 0 || issuer.value.fields !== undefined)
    return 'bad';
  return verifySsh(issuer.value.publicKey, blob.subarray(0, signedLength), signature, verifier);
}
