/** SSH public keys (RFC 4253, 6.6; RFC 5656; RFC 8709) and certificates (OpenSSH's PROTOCOL.certkeys). */

import type { Hasher } from '../../ports.ts';
import { encodeBase64 } from '../base64.ts';
import { DerError } from '../der.ts';
import { concat } from '../octets.ts';
import { OID } from '../oid.ts';
import { attempt, type Decoded, type Problem } from '../problem.ts';
import { dsaSpki, ecSpkiOf, type PublicKeyFacts, plainSpki, publicKeyFacts, rsaSpki } from '../spki.ts';
import { readCertificateFields, type SshCertificateFields, type SshOption } from './certificateFields.ts';
import { type SshReader, sshReader } from './wire.ts';
import { sshText } from './wireWriter.ts';

/** A certificate as it is shown. */
export interface SshCertificate {
  readonly kind: 'user' | 'host' | 'unknown';
  /** Hex, as in other certificates. */
  readonly serialNumber: string;
  readonly keyId: string;
  readonly principals: readonly string[];
  /** ISO 8601; undefined: without limit. */
  readonly validAfter: string | undefined;
  readonly validBefore: string | undefined;
  readonly criticalOptions: readonly string[];
  readonly extensions: readonly string[];
  /** Fingerprint of the authority's key. */
  readonly signedBy: string;
}

export interface DecodedSshKey {
  /** The name in the key, such as `ssh-ed25519`. */
  readonly type: string;
  readonly publicKey: PublicKeyFacts;
  /** `SHA256:…` as ssh-keygen shows it; of a certificate, that of its key. */
  readonly sshFingerprint: string;
  /** The plain key in wire format; of a certificate, the key that it certifies. */
  readonly plain: Uint8Array;
  readonly certificate?: SshCertificate;
  /** All that the certificate holds. */
  readonly fields?: SshCertificateFields;
}

const CERTIFICATE_SUFFIX = '-cert-v01@openssh.com';
const SSH_CURVES: Readonly<Record<string, string>> = {
  nistp256: OID.p256,
  nistp384: OID.p384,
  nistp521: OID.p521,
};

/** Names that can begin a key in text. */
export function isSshKeyType(word: string): boolean {
  return /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519|sk-ecdsa-sha2-nistp256|ssh-ed448)(?:-cert-v01)?(?:@openssh\.com)?$/.test(
    word,
  );
}

export function decodeSshKey(blob: Uint8Array, hasher: Hasher): Decoded<DecodedSshKey | undefined> {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the SSH key', () => readSshKey(blob, hasher, problems));
  return { value, problems };
}

/** `SHA256:…` of a blob, as ssh-keygen shows it. */
export function sshFingerprint(blob: Uint8Array, hasher: Hasher): string {
  return `SHA256:${encodeBase64(hasher.hash('sha256', blob)).replace(/=+$/, '')}`;
}

function readSshKey(blob: Uint8Array, hasher: Hasher, problems: Problem[]): DecodedSshKey {
  const reader = sshReader(blob);
  const type = reader.text('the type');
  if (!isSshKeyType(type)) throw new DerError('the key has no SSH type that is known here', 0);
  const certified = type.endsWith(CERTIFICATE_SUFFIX);
  const plainType = plainTypeOf(type);
  const nonce = certified ? reader.string('the nonce') : new Uint8Array();
  const start = reader.position();
  const { spki, algorithm } = readNumbers(plainType, reader);
  const numbers = blob.subarray(start, reader.position());
  const facts = publicKeyFacts(spki);
  if (facts === undefined) throw new DerError('the key holds no valid numbers', start);
  const publicKey = algorithm === undefined ? facts : { ...facts, algorithm };
  const plain = concat(sshText(plainType), numbers);
  const key = { type, publicKey, plain, sshFingerprint: sshFingerprint(plain, hasher) };
  const fields = certified ? readCertificateFields(reader, nonce) : undefined;
  const end = reader.position();
  if (reader.more())
    problems.push({
      what: 'the end',
      reason: `${blob.length - end} octets follow the key`,
      offset: end,
    });
  return fields === undefined ? key : { ...key, fields, certificate: shown(fields, hasher) };
}

/** `ssh-rsa-cert-v01@openssh.com` → `ssh-rsa`; keys of security tokens keep their domain. */
function plainTypeOf(type: string): string {
  if (!type.endsWith(CERTIFICATE_SUFFIX)) return type;
  const plain = type.slice(0, -CERTIFICATE_SUFFIX.length);
  return plain.startsWith('sk-') ? `${plain}@openssh.com` : plain;
}

function readNumbers(type: string, reader: SshReader): { spki: Uint8Array; algorithm?: string } {
  switch (type) {
    case 'ssh-rsa': {
      const exponent = reader.string('the exponent');
      return { spki: rsaSpki(reader.string('the modulus'), exponent) };
    }
    case 'ssh-dss': {
      const [p, q, g, y] = [reader.string('p'), reader.string('q'), reader.string('g'), reader.string('y')];
      return { spki: dsaSpki(p, q, g, y) };
    }
    case 'ssh-ed25519':
      return { spki: edwards(OID.ed25519, reader, 32) };
    case 'ssh-ed448':
      return { spki: edwards(OID.ed448, reader, 57) };
    case 'sk-ssh-ed25519@openssh.com': {
      const spki = edwards(OID.ed25519, reader, 32);
      reader.string('the application');
      return { spki, algorithm: 'Ed25519-SK' };
    }
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      const spki = ellipticCurve(reader);
      reader.string('the application');
      return { spki, algorithm: 'ECDSA-P256-SK' };
    }
    default:
      return { spki: ellipticCurve(reader) };
  }
}

function edwards(oid: string, reader: SshReader, length: number): Uint8Array {
  const key = reader.string('the key');
  if (key.length !== length)
    throw new DerError(`the key has ${key.length} octets in place of ${length}`, reader.position());
  return plainSpki(oid, key);
}

function ellipticCurve(reader: SshReader): Uint8Array {
  const name = reader.text('the curve');
  const curve = SSH_CURVES[name];
  const point = reader.string('the point');
  const spki = curve === undefined ? undefined : ecSpkiOf(curve, point);
  if (spki === undefined) throw new DerError('the key is no point on a known curve', reader.position());
  return spki;
}

function shown(fields: SshCertificateFields, hasher: Hasher): SshCertificate {
  const { type, keyId, principals, validAfter, validBefore } = fields;
  const serial = fields.serialNumber.toString(16);
  const text = ({ name, value }: SshOption): string => (value === '' ? name : `${name}=${value}`);
  return {
    kind: type === 1 ? 'user' : type === 2 ? 'host' : 'unknown',
    serialNumber: serial.length % 2 === 0 ? serial : `0${serial}`,
    keyId,
    principals,
    validAfter: validAfter === 0n ? undefined : isoOfSeconds(validAfter),
    validBefore: isoOfSeconds(validBefore),
    criticalOptions: fields.criticalOptions.map(text),
    extensions: fields.extensions.map(text),
    signedBy: sshFingerprint(fields.authority, hasher),
  };
}

/** Undefined past what a Date can hold; all ones stands for "forever". */
export function isoOfSeconds(seconds: bigint): string | undefined {
  return seconds > 8_640_000_000_000n ? undefined : new Date(Number(seconds) * 1000).toISOString();
}
