import { toHex } from '../core/credential/octets.ts';
import { decodePem, type PemBlock } from '../core/credential/pem.ts';
import { decodePrivateKey } from '../core/credential/privateKey.ts';
import { readSshKeyLines } from '../core/credential/ssh/keyLines.ts';
import { decodeSshPrivateKey } from '../core/credential/ssh/privateKey.ts';
import { tokenFingerprint } from '../core/credential/tokenFingerprint.ts';
import type { Hasher } from '../core/ports.ts';
import { Secret } from '../core/secret.ts';
import { publicKeyOf } from '../platform/crypto/softwareKeys.ts';
import type { DeliveredState, Delivery } from './contract.ts';

/**
 * One after the other in the manifest's order, each ended by a line end. A token alone has none: programs put what they
 * read into a header as it is.
 */
export function layOut(contents: Delivery['contents']): Secret<Uint8Array> {
  const [first] = contents;
  const alone = contents.length === 1 && first?.what === 'token';
  const text = contents
    .map(({ pem }) => pem.reveal().trimEnd())
    .map((each) => (alone ? each : `${each}\n`))
    .join('');
  return new Secret<Uint8Array>(new TextEncoder().encode(text));
}

/** What stands there, read back rather than remembered. A certificate counts before the bare key that it is for. */
export function readBack(content: Secret<Uint8Array>, hasher: Hasher): Omit<DeliveredState, 'version'> {
  const text = textOf(content);
  const blocks = decodePem(text).filter(({ problem }) => problem === undefined);
  const lines = readSshKeyLines(text, false).filter(({ problem }) => problem === undefined);
  const named = (label: string): Uint8Array | undefined =>
    blocks.find((block) => block.label === label)?.bytes;
  const credential =
    named('CERTIFICATE') ??
    lines.find(({ type }) => type.includes('-cert-'))?.blob ??
    named('PUBLIC KEY') ??
    lines[0]?.blob;
  const token = loneToken(text);
  const credentialSha256 =
    credential !== undefined
      ? toHex(hasher.hash('sha256', credential))
      : token !== undefined
        ? tokenFingerprint(token, hasher)
        : undefined;
  const key = blocks.find(({ label }) => isPrivateKey(label));
  const spki = key && publicHalf(key, hasher);
  return {
    ...(credentialSha256 !== undefined && { credentialSha256 }),
    ...(spki && { privateKeySpkiSha256: toHex(hasher.hash('sha256', spki)) }),
  };
}

/** Whether a private key stands there, or a token. */
export function holdsSecret(content: Secret<Uint8Array>): boolean {
  const text = textOf(content);
  return decodePem(text).some(({ label }) => isPrivateKey(label)) || loneToken(text) !== undefined;
}

function textOf(content: Secret<Uint8Array>): string {
  return new TextDecoder().decode(content.reveal());
}

function publicHalf({ label, bytes }: PemBlock, hasher: Hasher): Uint8Array | undefined {
  if (label === 'OPENSSH PRIVATE KEY')
    return decodeSshPrivateKey(bytes, hasher).value?.publicKey?.publicKey.spki;
  const key = decodePrivateKey(bytes).value;
  return key && (key.spki ?? computedHalf(key.pkcs8));
}

/** Ed25519 keys are seldom written with their public half (RFC 8410, 7). */
function computedHalf(pkcs8: Uint8Array): Uint8Array | undefined {
  try {
    return publicKeyOf(new Secret(pkcs8));
  } catch {
    return undefined;
  }
}

function isPrivateKey(label: string): boolean {
  return label.endsWith('PRIVATE KEY');
}

/** A bearer token and nothing else: one word of visible ASCII, long enough that nobody guesses it. */
function loneToken(text: string): string | undefined {
  const word = text.trim();
  return /^[!-~]{20,16384}$/.test(word) ? word : undefined;
}
