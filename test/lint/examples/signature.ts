import { algorithm, integer, nothing, seq, tagged } from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { ECDSA_SHA256, RSA_SHA256, server } from '../template.ts';

const signed = (declared: Uint8Array, change: Parameters<typeof server>[0] = {}): Uint8Array =>
  server({ declared, algorithm: declared, ...change });
const SHA1 = algorithm('1.2.840.113549.1.1.5', nothing());
const MD5 = algorithm('1.2.840.113549.1.1.4', nothing());
const PSS = '1.2.840.113549.1.1.10';
const SHA256 = algorithm('2.16.840.1.101.3.4.2.1', nothing());
const MASK = algorithm('1.2.840.113549.1.1.8', SHA256);
const pss = (salt: number): Uint8Array =>
  algorithm(PSS, seq(tagged(0, SHA256), tagged(1, MASK), tagged(2, integer(Uint8Array.of(salt)))));
const both = (bad: Uint8Array, good: Uint8Array): Example => ({ bad: signed(bad), good: signed(good) });
const EARLY = { notBefore: '2015-06-01T00:00:00Z' };

export const examples: Examples = {
  'lint/signature-algorithms-differ': { bad: server({ declared: RSA_SHA256 }) },
  'lint/signature-rsa-parameters': both(algorithm('1.2.840.113549.1.1.11'), RSA_SHA256),
  'lint/signature-sha1': both(SHA1, RSA_SHA256),
  'lint/signature-sha1-after-2016': {
    bad: signed(SHA1, { ...EARLY, notAfter: '2018-06-01T00:00:00Z' }),
    good: signed(SHA1, { ...EARLY, notAfter: '2016-06-01T00:00:00Z' }),
  },
  'lint/signature-broken-digest': both(MD5, RSA_SHA256),
  'lint/signature-not-for-browsers': both(algorithm('1.3.101.112'), ECDSA_SHA256),
  'lint/signature-pss-encoding': both(pss(20), pss(32)),
  'lint/signature-ecdsa-encoding': both(algorithm('1.2.840.10045.4.3.4'), ECDSA_SHA256),
};
