/** Items of public and private keys. Of a private one: that it is, its algorithm, and the hash of its public half. */
import type { Finding } from '../../finding.ts';
import { privateNumberProblem } from '../../keys/weak/privateNumbers.ts';
import { readDer } from '../der.ts';
import { readEncryptedKey } from '../encryption.ts';
import { credentialDamaged } from '../findings/credentialDamaged.ts';
import { credentialLocked } from '../findings/credentialLocked.ts';
import { keyPrivateInFile } from '../findings/keyPrivateInFile.ts';
import { type DecodedPrivateKey, decodePrivateKey, type PrivateKeyEncoding } from '../privateKey.ts';
import { attempt, type Problem } from '../problem.ts';
import { publicKeyFacts, readSpki, rsaNumbers, rsaSpki } from '../spki.ts';
import type { CredentialFormat, CredentialItem } from './item.ts';
import { damage, findingAt, itemAt, keyMembers, type Place, passwordsOf } from './place.ts';

const FORMATS: Readonly<Record<PrivateKeyEncoding, CredentialFormat>> = {
  pkcs8: 'PKCS#8',
  pkcs1: 'PKCS#1',
  sec1: 'SEC1',
  dsa: 'OpenSSL',
};

export function publicKeyItem(place: Place, der: Uint8Array): CredentialItem {
  const problems: Problem[] = [];
  const key = attempt(problems, 'the public key', () => readSpki(readDer(der)));
  return itemAt(place, 'public-key', 'SPKI', {
    ...keyMembers(place, key),
    findings: damage(place, problems),
  });
}

/** PKCS#1 RSAPublicKey. */
export function rsaPublicKeyItem(place: Place, der: Uint8Array): CredentialItem {
  const problems: Problem[] = [];
  const key = attempt(problems, 'the RSA public key', () => {
    const { modulus, exponent } = rsaNumbers(readDer(der));
    return publicKeyFacts(rsaSpki(modulus, exponent));
  });
  return itemAt(place, 'public-key', 'PKCS#1', {
    ...keyMembers(place, key),
    findings: damage(place, problems),
  });
}

/** An unencrypted key; `wasEncrypted` when it came out of an encrypted wrapping. */
export function privateKeyItem(
  place: Place,
  der: Uint8Array,
  encryption: string | null = null,
): CredentialItem {
  const { value, problems } = decodePrivateKey(der);
  const spki =
    value?.spki ?? (value === undefined ? undefined : place.context.decryptor.publicKeyOf(value.pkcs8));
  const key = spki === undefined ? undefined : publicKeyFacts(spki);
  return itemAt(place, 'private-key', value === undefined ? null : FORMATS[value.encoding], {
    ...keyMembers(place, key),
    keyAlgorithm: key?.algorithm ?? value?.algorithm ?? null,
    private: true,
    encrypted: encryption !== null,
    encryption,
    privateKeyForm: value?.form ?? null,
    findings: [
      ...damage(place, [...problems, ...disagreement(place, value)]),
      ...(encryption === null ? openKeyFinding(place, key?.algorithm ?? value?.algorithm) : []),
      ...(value === undefined ? [] : privateNumberFindings(place, value.pkcs8)),
    ],
  });
}

/** RFC 9881, 8.2: who reads both must see to it that they are one key. */
function disagreement({ context }: Place, value: DecodedPrivateKey | undefined): readonly Problem[] {
  if (value?.form !== 'both' || !context.decryptor.halvesDiffer(value.pkcs8)) return [];
  return [{ what: 'the private key', reason: 'its seed and its expanded key are of two keys', offset: 0 }];
}

function privateNumberFindings(place: Place, pkcs8: Uint8Array): readonly Finding[] {
  const problem = privateNumberProblem(pkcs8);
  return problem === undefined ? [] : [findingAt(place, problem.rule, problem.message)];
}

/** PKCS#8 EncryptedPrivateKeyInfo. */
export function encryptedKeyItem(place: Place, der: Uint8Array): CredentialItem {
  const problems: Problem[] = [];
  const read = attempt(problems, 'the encrypted key', () => readEncryptedKey(readDer(der)));
  if (read === undefined) {
    const findings = damage(place, problems);
    return itemAt(place, 'private-key', 'PKCS#8', { private: true, encrypted: true, findings });
  }
  const { encryption, data } = read;
  for (const password of passwordsOf(place.context)) {
    const plain = encryption.open(password, data, place.context);
    if (plain !== undefined && decodePrivateKey(plain).value !== undefined) {
      return privateKeyItem(place, plain, encryption.name);
    }
  }
  return lockedKeyItem(place, 'PKCS#8', encryption.name);
}

/** A key that is encrypted and stays so; `notTried` where this encryption is never opened here. */
export function lockedKeyItem(
  place: Place,
  format: CredentialFormat,
  encryption: string,
  known: Partial<CredentialItem> = {},
  notTried = false,
): CredentialItem {
  return itemAt(place, 'private-key', format, {
    private: true,
    encrypted: true,
    encryption,
    ...known,
    findings: [...(known.findings ?? []), lockedFinding(place, 'the private key', encryption, notTried)],
  });
}

export function lockedFinding(place: Place, what: string, encryption: string, notTried = false): Finding {
  const why = notTried
    ? 'this encryption is not opened here'
    : place.context.budget.left < 0
      ? 'to try a password would take too long'
      : place.context.password === undefined
        ? 'no password was given'
        : 'the password given does not open it';
  return findingAt(place, credentialLocked, `${what} is encrypted (${encryption}), and ${why}`);
}

export function openKeyFinding(place: Place, algorithm: string | undefined): readonly Finding[] {
  const name = algorithm === undefined ? 'the private key' : `the ${algorithm} private key`;
  return [findingAt(place, keyPrivateInFile, `${name} is not encrypted: whoever can read this file has it`)];
}

/** An item for something that is there and cannot be read at all. */
export function damagedItem(
  place: Place,
  type: CredentialItem['type'],
  format: CredentialFormat | null,
  reason: string,
  range = place.range,
): CredentialItem {
  const findings = [findingAt(place, credentialDamaged, reason, range)];
  return itemAt(place, type, format, { private: type === 'private-key', findings });
}
