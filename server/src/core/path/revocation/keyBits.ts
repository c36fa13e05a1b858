import { bitString, DerError, readDer, sequence } from '../../credential/der.ts';

/** The BIT STRING of a SubjectPublicKeyInfo alone, which is what OCSP hashes (RFC 6960, 4.1.1). */
export function keyBits(spki: Uint8Array): Uint8Array | undefined {
  try {
    const fields = sequence(readDer(spki), 'the key');
    fields.any('its algorithm');
    return bitString(fields.any('the key'), 'the key');
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
