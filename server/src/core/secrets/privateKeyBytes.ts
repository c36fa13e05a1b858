/** What octets are as a private key, by their structure: DER of four encodings, OpenSSH, OpenPGP. Never by how they look. */
import { readDer } from '../credential/der.ts';
import { readEncryptedKey } from '../credential/encryption.ts';
import { decodePrivateKey } from '../credential/privateKey.ts';
import { attempt } from '../credential/problem.ts';
import { publicKeyFacts } from '../credential/spki.ts';
import { decodeSshPrivateKey } from '../credential/ssh/privateKey.ts';
import type { Detection, ScanTools } from './detector.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from './privateKeyRules.ts';

export type KeyFound = Pick<Detection, 'rule' | 'what' | 'spki'>;

const ENCODINGS = { pkcs8: 'PKCS#8', pkcs1: 'PKCS#1', sec1: 'SEC1', dsa: 'OpenSSL' } as const;
const OPENSSH = 'openssh-key-v1\0';

/** Undefined: it is no private key. */
export function privateKeyIn(bytes: Uint8Array, tools: ScanTools): KeyFound | undefined {
  if (startsWith(bytes, OPENSSH)) return openSshKey(bytes, tools);
  if (bytes[0] === 0x30) return plainKey(bytes, tools) ?? encryptedKey(bytes);
  return undefined;
}

function plainKey(bytes: Uint8Array, { decryptor }: ScanTools): KeyFound | undefined {
  const { value, problems } = decodePrivateKey(bytes);
  if (value === undefined || problems.length > 0) return undefined;
  const spki = value.spki ?? decryptor.publicKeyOf(value.pkcs8);
  const algorithm = (spki && publicKeyFacts(spki)?.algorithm) ?? value.algorithm;
  return {
    rule: PRIVATE_KEY,
    what: `${article(algorithm)} ${algorithm} private key (${ENCODINGS[value.encoding]})`,
    ...(spki === undefined ? {} : { spki }),
  };
}

function encryptedKey(bytes: Uint8Array): KeyFound | undefined {
  const read = attempt([], 'the encrypted key', () => readEncryptedKey(readDer(bytes)));
  return (
    read && {
      rule: ENCRYPTED_PRIVATE_KEY,
      what: `an encrypted private key (PKCS#8, ${read.encryption.name})`,
    }
  );
}

function openSshKey(bytes: Uint8Array, { hasher }: ScanTools): KeyFound | undefined {
  const { value, problems } = decodeSshPrivateKey(bytes, hasher);
  if (value === undefined || problems.length > 0) return undefined;
  const { encryption, publicKey } = value;
  const spki = publicKey?.publicKey.spki;
  return {
    ...(encryption === undefined
      ? { rule: PRIVATE_KEY, what: 'a private key (OpenSSH)' }
      : { rule: ENCRYPTED_PRIVATE_KEY, what: `an encrypted private key (OpenSSH, ${encryption})` }),
    ...(spki === undefined ? {} : { spki }),
  };
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length > text.length && [...text].every((sign, place) => bytes[place] === sign.charCodeAt(0));
}

function article(noun: string): string {
  return /^(?:[aeiou]|RSA|X)/i.test(noun) ? 'an' : 'a';
}
