/** OpenSSH's private key file (its PROTOCOL.key), written without encryption: what protects it is where it stands. */
import type { RandomSource } from '../../ports.ts';
import { Secret } from '../../secret.ts';
import { type Der, integerOctets, octetString, readDer, sequence, TAG } from '../der.ts';
import { concat, sameOctets, withoutLeadingZeros } from '../octets.ts';
import { encodePem } from '../pem.ts';
import { attempt } from '../problem.ts';
import { publicKeyFacts } from '../spki.ts';
import { encodeSshKey, sshCurveOf, sshKeyPartsOf } from './encodePublicKey.ts';
import { sshReader } from './wire.ts';
import { mpint, sshString, sshText, uint32 } from './wireWriter.ts';

const MAGIC = 'openssh-key-v1\0';
const BLOCK = 8;

/**
 * `pkcs8`: DER PrivateKeyInfo, unencrypted; `spki`: its public half, which not every PKCS#8 carries. Undefined where they
 * are no key pair of an algorithm that OpenSSH has.
 */
export function encodeSshPrivateKey(
  key: { readonly pkcs8: Secret<Uint8Array>; readonly spki: Uint8Array; readonly comment: string },
  random: RandomSource,
): Secret<string> | undefined {
  const parts = sshKeyPartsOf(key.spki);
  const algorithm = publicKeyFacts(key.spki)?.algorithm;
  const blob = encodeSshKey(key.spki);
  if (parts === undefined || algorithm === undefined || blob === undefined) return undefined;
  const numbers = key.pkcs8.map((pkcs8) =>
    attempt([], 'the private key', () => privateNumbers(algorithm, innerKey(pkcs8), parts.numbers)),
  );
  const revealed = numbers.reveal();
  if (revealed === undefined) return undefined;
  // The same number twice: where a key is encrypted, it shows whether the passphrase was right.
  const check = random.bytes(4);
  const plain = concat(check, check, sshText(parts.type), revealed, sshText(key.comment));
  const padding = Uint8Array.from({ length: (BLOCK - (plain.length % BLOCK)) % BLOCK }, (_, at) => at + 1);
  const file = concat(
    Uint8Array.from(MAGIC, (sign) => sign.charCodeAt(0)),
    sshText('none'),
    sshText('none'),
    sshString(),
    uint32(1),
    sshString(blob),
    sshString(plain, padding),
  );
  return new Secret(encodePem('OPENSSH PRIVATE KEY', file));
}

/** RFC 5958, 2: the key inside the PrivateKeyInfo. */
function innerKey(pkcs8: Uint8Array): Uint8Array {
  const fields = sequence(readDer(pkcs8), 'the private key');
  fields.take(TAG.integer, 'the version');
  fields.take(TAG.sequence, 'the key algorithm');
  return octetString(fields.any('the key'), 'the key');
}

/** `publicNumbers`: what follows the name in the public key. */
function privateNumbers(
  algorithm: string,
  inner: Uint8Array,
  publicNumbers: Uint8Array,
): Uint8Array | undefined {
  const node = readDer(inner);
  if (algorithm === 'Ed25519') {
    const seed = octetString(node, 'the key');
    const point = sshReader(publicNumbers).string('the key');
    return seed.length === 32 ? concat(publicNumbers, sshString(seed, point)) : undefined;
  }
  if (sshCurveOf(algorithm) !== undefined) {
    const fields = sequence(node, 'the EC key');
    fields.take(TAG.integer, 'the version');
    return concat(publicNumbers, mpint(octetString(fields.any('the number'), 'the number')));
  }
  return rsaNumbers(node, publicNumbers);
}

/** RFC 8017, A.1.2, in OpenSSH's order: n, e, d, 1/q mod p, p, q. */
function rsaNumbers(node: Der, publicNumbers: Uint8Array): Uint8Array | undefined {
  const fields = sequence(node, 'the RSA key');
  fields.take(TAG.integer, 'the version');
  const next = (what: string): Uint8Array =>
    mpint(withoutLeadingZeros(integerOctets(fields.any(what), what)));
  const [n, e, d, p, q] = [next('n'), next('e'), next('d'), next('p'), next('q')];
  fields.any('d mod p-1');
  fields.any('d mod q-1');
  const inverse = next('1/q mod p');
  return sameOctets(concat(e, n), publicNumbers) ? concat(n, e, d, inverse, p, q) : undefined;
}
