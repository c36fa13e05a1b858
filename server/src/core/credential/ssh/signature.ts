/** Signatures as SSH packs them (RFC 4253, 6.6; RFC 5656, 3.1.2; RFC 8332, 3; RFC 8709, 6), from and to those of X.509. */
import type { Cancellation, SignatureVerifier, Signer, VerifyOutcome } from '../../ports.ts';
import { signatureAlgorithmOf } from '../build/signatureAlgorithm.ts';
import { integerOctets, readDer, sequence, TAG } from '../der.ts';
import { element, oidElement, unsignedInteger } from '../derWriter.ts';
import { concat } from '../octets.ts';
import { attempt } from '../problem.ts';
import type { PublicKeyFacts } from '../spki.ts';
import { sshCurveOf } from './encodePublicKey.ts';
import { sshReader } from './wire.ts';
import { sshString, sshText } from './wireWriter.ts';

/** By the name in the signature: the key it takes, and the AlgorithmIdentifier that says the same. */
const SCHEMES: ReadonlyMap<string, { readonly fits: (algorithm: string) => boolean; readonly oid: string }> =
  new Map([
    ['ssh-ed25519', { fits: (algorithm) => algorithm === 'Ed25519', oid: '1.3.101.112' }],
    ['ecdsa-sha2-nistp256', { fits: (algorithm) => algorithm === 'ECDSA-P256', oid: '1.2.840.10045.4.3.2' }],
    ['ecdsa-sha2-nistp384', { fits: (algorithm) => algorithm === 'ECDSA-P384', oid: '1.2.840.10045.4.3.3' }],
    ['ecdsa-sha2-nistp521', { fits: (algorithm) => algorithm === 'ECDSA-P521', oid: '1.2.840.10045.4.3.4' }],
    ['rsa-sha2-256', { fits: isRsa, oid: '1.2.840.113549.1.1.11' }],
    ['rsa-sha2-512', { fits: isRsa, oid: '1.2.840.113549.1.1.13' }],
  ]);

function isRsa(algorithm: string): boolean {
  return algorithm.startsWith('RSA-');
}

/** Signs, and packs the signature with its name. Throws what the signer throws. */
export async function signSsh(signer: Signer, data: Uint8Array, signal: Cancellation): Promise<Uint8Array> {
  const raw = await signer.sign(data, signal);
  const curve = sshCurveOf(signer.algorithm);
  if (curve !== undefined) return concat(sshText(`ecdsa-sha2-${curve}`), sshString(pairOf(raw)));
  if (signer.algorithm === 'Ed25519') return concat(sshText('ssh-ed25519'), sshString(raw));
  const { hash } = signatureAlgorithmOf(signer.algorithm);
  return concat(sshText(hash === 'sha512' ? 'rsa-sha2-512' : 'rsa-sha2-256'), sshString(raw));
}

/**
 * `cannot-verify-here` for names that are not taken, among them `ssh-rsa`, whose SHA-1 OpenSSH refuses as well; `bad` for
 * one that the key cannot have made.
 */
export function verifySsh(
  key: PublicKeyFacts,
  data: Uint8Array,
  signature: Uint8Array,
  verifier: SignatureVerifier,
): VerifyOutcome {
  const read = attempt([], 'the signature', () => {
    const reader = sshReader(signature);
    const parts = { name: reader.text('the algorithm'), raw: reader.string('the signature') };
    return reader.more() ? undefined : parts;
  });
  if (read === undefined) return 'bad';
  const scheme = SCHEMES.get(read.name);
  if (scheme === undefined) return 'cannot-verify-here';
  if (!scheme.fits(key.algorithm)) return 'bad';
  const parameters = isRsa(key.algorithm) ? [element(TAG.null)] : [];
  const identifier = element(TAG.sequence, oidElement(scheme.oid), ...parameters);
  const packed = asX509(key, read.raw);
  return packed === undefined ? 'bad' : verifier.verify(key.spki, identifier, data, packed);
}

function asX509(key: PublicKeyFacts, raw: Uint8Array): Uint8Array | undefined {
  if (key.algorithm.startsWith('ECDSA-')) {
    return attempt([], 'the signature', () => {
      const reader = sshReader(raw);
      const [r, s] = [reader.string('r'), reader.string('s')];
      const positive = [r, s].every((number) => number.length > 0 && (number[0] ?? 0) < 0x80);
      return positive && !reader.more()
        ? element(TAG.sequence, unsignedInteger(r), unsignedInteger(s))
        : undefined;
    });
  }
  if (!isRsa(key.algorithm) || key.bits === undefined) return raw;
  // RFC 8332, 3: some signers drop leading zero octets.
  const missing = Math.ceil(key.bits / 8) - raw.length;
  return missing <= 0 ? raw : concat(new Uint8Array(missing), raw);
}

/** From DER ECDSA-Sig-Value to two mpints: the content of a DER INTEGER is an mpint already. */
function pairOf(der: Uint8Array): Uint8Array {
  const fields = sequence(readDer(der), 'the signature');
  const [r, s] = [integerOctets(fields.any('r'), 'r'), integerOctets(fields.any('s'), 's')];
  return concat(sshString(r), sshString(s));
}
