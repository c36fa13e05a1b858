import { pemTextAt } from '../../secrets/pemText.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { keysOfDer } from '../keysOfDer.ts';

/** RFC 7468, and what OpenSSL, Netscape and others wrote before it. */
const LABELS =
  /^(?:(?:X509 |X\.509 |TRUSTED )?CERTIFICATE|(?:NEW )?CERTIFICATE REQUEST|(?:RSA |EC )?PUBLIC KEY)-----/;
const BUNDLES = /^(?:PKCS7|CMS|PKCS #7 SIGNED DATA|CERTIFICATE CHAIN)-----/;
const LONGEST_LABEL = 32;

/** Certificates, requests and public keys in PEM, however the lines are wrapped. */
export const pemBlock: KeyFinder = finder('block', LABELS);

/** PKCS#7 in PEM: one block may be all roots that a system trusts. */
export const pemBundle: KeyFinder = finder('bundle', BUNDLES);

function finder(reach: KeyFinder['reach'], labels: RegExp): KeyFinder {
  return {
    keywords: ['-----begin '],
    reach,
    follows: (bytes, end) => labels.test(String.fromCharCode(...bytes.subarray(end, end + LONGEST_LABEL))),
    *find({ text, at, tools }) {
      const pem = pemTextAt(text, at);
      if (pem?.bytes === undefined) return;
      for (const key of keysOfDer(pem.bytes, tools.hasher)) yield { ...key, start: at, end: pem.end };
    },
  };
}
