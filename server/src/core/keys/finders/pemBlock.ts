import { pemTextAt } from '../../secrets/pemText.ts';
import { plainPemAt, standsAt } from '../../secrets/plainPem.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { keysOfDer } from '../keysOfDer.ts';

/** RFC 7468, and what OpenSSL, Netscape and others wrote before it. */
const LABELS =
  /^(?:(?:X509 |X\.509 |TRUSTED )?CERTIFICATE|(?:NEW )?CERTIFICATE REQUEST|(?:RSA |EC )?PUBLIC KEY)-----/;
const BUNDLES = /^(?:PKCS7|CMS|PKCS #7 SIGNED DATA|CERTIFICATE CHAIN)-----/;
const LONGEST_LABEL = 32;
/** Of nearly all that there is. */
const CERTIFICATE = 'CERTIFICATE';

/** Certificates, requests and public keys in PEM, however the lines are wrapped. */
export const pemBlock: KeyFinder = finder('block', LABELS);

/** PKCS#7 in PEM: one block may be all roots that a system trusts. */
export const pemBundle: KeyFinder = finder('bundle', BUNDLES);

function finder(reach: KeyFinder['reach'], labels: RegExp): KeyFinder {
  return {
    keywords: ['-----begin '],
    reach,
    follows: (bytes, end) =>
      standsAt(bytes, end, `${CERTIFICATE}-----`)
        ? labels === LABELS
        : labels.test(String.fromCharCode(...bytes.subarray(end, end + LONGEST_LABEL))),
    find({ text, octets, at, tools }) {
      const pem = plainPemAt(octets, at, CERTIFICATE) ?? pemTextAt(text, at);
      if (pem?.bytes === undefined) return undefined;
      return { start: at, end: pem.end, keys: keysOfDer(pem.bytes, tools.hasher) };
    },
  };
}
