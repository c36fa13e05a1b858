import type { Detection, Detector, ScanTools } from '../detector.ts';
import { secretKeyPacket } from '../openPgp.ts';
import { type PemText, pemTextAt } from '../pemText.ts';
import { standsAt } from '../plainPem.ts';
import { type KeyFound, privateKeyIn } from '../privateKeyBytes.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../privateKeyRules.ts';

const PRIVATE = /PRIVATE KEY(?: BLOCK)?$/;
/** `ENCRYPTED COSIGN PRIVATE KEY` is the longest before the word itself. */
const LONGEST_LABEL = 40;

/** PEM of every label that ends in PRIVATE KEY, OpenSSH's and OpenPGP's among them, however the lines are wrapped. */
export const detector: Detector = {
  rules: [PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY],
  keywords: ['-----begin '],
  reach: 'block',
  // A bundle of certificates has thousands of these lines.
  follows: (bytes, end) =>
    !standsAt(bytes, end, 'CERTIFICATE-----') &&
    String.fromCharCode(...bytes.subarray(end, end + LONGEST_LABEL)).includes('PRIVATE KEY'),
  *find({ text, at, tools }): Generator<Detection> {
    const pem = pemTextAt(text, at);
    const found = pem && keyOf(pem, tools);
    if (pem !== undefined && found !== undefined) yield { ...found, start: pem.start, end: pem.end };
  },
};

/** Of a key that is encrypted as RFC 1421 has it, and of sigstore's, the label says all that can be known. */
export function keyOf({ label, bytes, isEncrypted }: PemText, tools: ScanTools): KeyFound | undefined {
  if (bytes === undefined || !PRIVATE.test(label)) return undefined;
  if (label === 'PGP PRIVATE KEY BLOCK') return secretKeyPacket(bytes);
  if (isEncrypted && bytes.length >= 48)
    return { rule: ENCRYPTED_PRIVATE_KEY, what: `an encrypted private key (${label}, RFC 1421)` };
  if (/^ENCRYPTED (?:COSIGN|SIGSTORE) /.test(label) && bytes[0] === 0x7b)
    return { rule: ENCRYPTED_PRIVATE_KEY, what: 'an encrypted signing key (cosign)' };
  return privateKeyIn(bytes, tools);
}
