/** Certificates and requests, which are public. Signed with RSA or Ed25519, whose signatures a seed decides. */
import { createPrivateKey, sign } from 'node:crypto';
import type { Random } from '../random.ts';
import {
  bits,
  type Der,
  inContext,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  set,
  utcTime,
  utf8,
} from './der.ts';
import { type EdKey, type Key, pkcs8, type RsaKey, spki } from './keys.ts';
import { pem } from './pem.ts';

type Signer = RsaKey | EdKey;

const name = (commonName: string): Der => sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));

function signed(body: Der, algorithm: Der, key: Signer): Der {
  const privateKey = createPrivateKey({ key: pkcs8(key), format: 'der', type: 'pkcs8' });
  return sequence(body, algorithm, bits(sign(key.type === 'rsa' ? 'sha256' : null, body, privateKey)));
}

const signatureAlgorithm = (key: Signer): Der =>
  key.type === 'rsa' ? sequence(oid('1.2.840.113549.1.1.11'), nothing) : sequence(oid('1.3.101.112'));

export function certificate(subject: string, key: Key, signer: Signer, random: Random): Der {
  const algorithm = signatureAlgorithm(signer);
  const from = new Date(`${random.day()}T00:00:00Z`);
  const until = new Date(from.getTime() + 397 * 86_400_000);
  const serial = random.bytes(16);
  const basicConstraints = sequence(oid('2.5.29.19'), octets(sequence()));
  const body = sequence(
    inContext(0, integer(2)),
    integer(serial),
    algorithm,
    name('Internal Issuing CA'),
    sequence(utcTime(from), utcTime(until)),
    name(subject),
    spki(key),
    inContext(3, sequence(basicConstraints)),
  );
  return signed(body, algorithm, signer);
}

export const certificatePem = (subject: string, key: Key, signer: Signer, random: Random): string =>
  pem('CERTIFICATE', certificate(subject, key, signer, random));

export function requestPem(subject: string, key: Signer): string {
  const body = sequence(integer(0), name(subject), spki(key), inContext(0));
  return pem('CERTIFICATE REQUEST', signed(body, signatureAlgorithm(key), key));
}
