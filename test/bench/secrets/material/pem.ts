/** PEM in all its wrappings. The words of a header are put together here, so that no source file has one. */
import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import type { Random } from '../random.ts';
import { type Der, integer, nothing, octets, oid, sequence } from './der.ts';
import {
  type DsaKey,
  dsaTraditional,
  type EcKey,
  type Key,
  pkcs1,
  pkcs8,
  type RsaKey,
  sec1,
  spki,
} from './keys.ts';

const DASHES = '-'.repeat(5);
/** What a label ends with where it is no public key. */
export const PRIVATE = ['PRIVATE', 'KEY'].join(' ');

export const begin = (label: string): string => `${DASHES}BEGIN ${label}${DASHES}`;
export const end = (label: string): string => `${DASHES}END ${label}${DASHES}`;
export const lines = (base64: string, width = 64): string =>
  (base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');

/** RFC 7468, with a line break at its end. */
export function pem(label: string, der: Buffer, { headers = '', width = 64 } = {}): string {
  return `${begin(label)}\n${headers}${lines(der.toString('base64'), width)}\n${end(label)}\n`;
}

export const pkcs1Pem = (key: RsaKey): string => pem(`RSA ${PRIVATE}`, pkcs1(key));
export const sec1Pem = (key: EcKey): string => pem(`EC ${PRIVATE}`, sec1(key));
export const dsaPem = (key: DsaKey): string => pem(`DSA ${PRIVATE}`, dsaTraditional(key));
export const pkcs8Pem = (key: Key): string => pem(PRIVATE, pkcs8(key));
export const publicPem = (key: Key): string => pem('PUBLIC KEY', spki(key));

/** In whichever form a tool writes by default for such a key. */
export function anyPem(key: RsaKey | EcKey | Key, random: Random): string {
  if (key.type === 'rsa' && random.below(2) === 0) return pkcs1Pem(key);
  if (key.type === 'ec' && random.below(2) === 0) return sec1Pem(key);
  return pkcs8Pem(key);
}

/** PBES2 of RFC 8018: PBKDF2 with HMAC-SHA-256, AES-256-CBC. */
export function encrypted(content: Buffer, password: string, random: Random): Der {
  const rounds = 2_048;
  const [salt, iv] = [random.bytes(16), random.bytes(16)];
  const key = pbkdf2Sync(password, salt, rounds, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return sequence(
    sequence(
      oid('1.2.840.113549.1.5.13'),
      sequence(
        sequence(
          oid('1.2.840.113549.1.5.12'),
          sequence(octets(salt), integer(rounds), sequence(oid('1.2.840.113549.2.9'), nothing)),
        ),
        sequence(oid('2.16.840.1.101.3.4.1.42'), octets(iv)),
      ),
    ),
    octets(Buffer.concat([cipher.update(content), cipher.final()])),
  );
}

export const encryptedPkcs8Pem = (key: Key, password: string, random: Random): string =>
  pem(`ENCRYPTED ${PRIVATE}`, encrypted(pkcs8(key), password, random));

/** OpenSSL's own form of before PKCS#8: the key comes from one round of MD5 over password and salt. */
export function legacyEncryptedPem(key: RsaKey, password: string, random: Random): string {
  const iv = random.bytes(16);
  const derived = createHash('md5').update(password).update(iv.subarray(0, 8)).digest();
  const cipher = createCipheriv('aes-128-cbc', derived, iv);
  const headers = `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${iv.toString('hex').toUpperCase()}\n\n`;
  return pem(`RSA ${PRIVATE}`, Buffer.concat([cipher.update(pkcs1(key)), cipher.final()]), { headers });
}
