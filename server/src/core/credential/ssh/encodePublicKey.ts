/** From a SubjectPublicKeyInfo to the forms that OpenSSH knows (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4). */
import { encodeBase64 } from '../base64.ts';
import { bitString, readDer, readInside, sequence, TAG } from '../der.ts';
import { concat } from '../octets.ts';
import { attempt } from '../problem.ts';
import { publicKeyFacts, rsaNumbers } from '../spki.ts';
import { sshReader } from './wire.ts';
import { mpint, sshString, sshText } from './wireWriter.ts';

/** A plain key in its parts: the name, and what follows it. */
export interface SshKeyParts {
  readonly type: string;
  readonly numbers: Uint8Array;
}

const CURVES: ReadonlyMap<string, string> = new Map([
  ['ECDSA-P256', 'nistp256'],
  ['ECDSA-P384', 'nistp384'],
  ['ECDSA-P521', 'nistp521'],
]);

/** OpenSSH's name of the curve; undefined for other algorithms. */
export function sshCurveOf(algorithm: string): string | undefined {
  return CURVES.get(algorithm);
}

/** Undefined: it is no key, or of an algorithm that OpenSSH does not have. */
export function sshKeyPartsOf(spki: Uint8Array): SshKeyParts | undefined {
  const facts = publicKeyFacts(spki);
  if (facts === undefined) return undefined;
  const keyNode = attempt([], 'the key', () => {
    const fields = sequence(readDer(facts.spki), 'the public key');
    fields.take(TAG.sequence, 'the key algorithm');
    return fields.take(TAG.bitString, 'the key');
  });
  if (keyNode === undefined) return undefined;
  const curve = sshCurveOf(facts.algorithm);
  if (curve !== undefined) {
    const numbers = concat(sshText(curve), sshString(bitString(keyNode, 'the point')));
    return { type: `ecdsa-sha2-${curve}`, numbers };
  }
  if (facts.algorithm === 'Ed25519') {
    return { type: 'ssh-ed25519', numbers: sshString(bitString(keyNode, 'the key')) };
  }
  if (!facts.algorithm.startsWith('RSA-')) return undefined;
  const { modulus, exponent } = rsaNumbers(readInside(keyNode, 1));
  return { type: 'ssh-rsa', numbers: concat(mpint(exponent), mpint(modulus)) };
}

/** The plain public key in SSH wire format; undefined as in `sshKeyPartsOf`. */
export function encodeSshKey(spki: Uint8Array): Uint8Array | undefined {
  const parts = sshKeyPartsOf(spki);
  return parts && concat(sshText(parts.type), parts.numbers);
}

/** One line without its end, as in a `.pub` file: type, base64, comment. `blob`: a key or a certificate in wire format. */
export function sshKeyLine(blob: Uint8Array, comment = ''): string {
  const type = attempt([], 'the type', () => sshReader(blob).text('the type')) ?? '';
  const shown = comment.replace(/\p{Cc}+/gu, ' ').trim();
  return [type, encodeBase64(blob), ...(shown === '' ? [] : [shown])].join(' ');
}
