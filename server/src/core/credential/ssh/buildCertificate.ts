import type { Cancellation, Signer } from '../../ports.ts';
import { encodeUtf8 } from '../charset.ts';
import { concat } from '../octets.ts';
import { encodeSshKey, sshKeyPartsOf } from './encodePublicKey.ts';
import { signSsh } from './signature.ts';
import { sshString, sshText, uint32, uint64 } from './wireWriter.ts';

export interface SshCertificateContent {
  /** DER SubjectPublicKeyInfo of the key to certify. */
  readonly spki: Uint8Array;
  /** Random, so that nobody can foresee what is signed; 32 octets. */
  readonly nonce: Uint8Array;
  /** From 1 to 2^64 - 1: a revocation list cannot name 0. */
  readonly serialNumber: bigint;
  readonly type: 'user' | 'host';
  readonly keyId: string;
  /** At least one: a certificate without counts for every name. */
  readonly principals: readonly string[];
  readonly validAfter: Date;
  /** The first second at which it does not count any more. */
  readonly validBefore: Date;
  /** By name; an empty value for those that stand for themselves. */
  readonly criticalOptions: Readonly<Record<string, string>>;
  readonly extensions: readonly string[];
  readonly signer: Signer;
}

/**
 * An OpenSSH certificate in wire format (PROTOCOL.certkeys). Undefined where the key that is certified, or the one that
 * signs, is of an algorithm that OpenSSH does not have. Throws what the signer throws.
 */
export async function buildSshCertificate(
  content: SshCertificateContent,
  signal: Cancellation,
): Promise<Uint8Array | undefined> {
  const key = sshKeyPartsOf(content.spki);
  const authority = encodeSshKey(content.signer.spki);
  if (key === undefined || authority === undefined) return undefined;
  const toBeSigned = concat(
    sshText(`${key.type}-cert-v01@openssh.com`),
    sshString(content.nonce),
    key.numbers,
    uint64(content.serialNumber),
    uint32(content.type === 'user' ? 1 : 2),
    sshText(content.keyId),
    sshString(...content.principals.map(sshText)),
    uint64(secondsOf(content.validAfter)),
    uint64(secondsOf(content.validBefore)),
    optionsOf(Object.entries(content.criticalOptions)),
    optionsOf(content.extensions.map((name) => [name, ''])),
    sshString(),
    sshString(authority),
  );
  return concat(toBeSigned, sshString(await signSsh(content.signer, toBeSigned, signal)));
}

/** In the order of their names, each once; a value is a string inside the option's data. */
function optionsOf(options: readonly (readonly [name: string, value: string])[]): Uint8Array {
  const sorted = [...new Map(options)].sort(([a], [b]) => (a < b ? -1 : 1));
  return sshString(
    ...sorted.flatMap(([name, value]) => [
      sshText(name),
      value === '' ? sshString() : sshString(sshString(encodeUtf8(value))),
    ]),
  );
}

function secondsOf(date: Date): bigint {
  return BigInt(Math.floor(date.getTime() / 1000));
}
