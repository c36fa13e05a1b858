/** Where a certificate or a list says that its status is told (RFC 5280, 4.2.1.13, 4.2.1.15, 4.2.2.1): words of whoever made it. */
import { context, elements, fieldsOf, objectIdentifier, readDer, sequence } from '../../credential/der.ts';
import { generalName, generalNames } from '../../credential/generalName.ts';
import { attempt, type Problem } from '../../credential/problem.ts';
import { OID, type PathExtension } from '../pathCertificate.ts';

export interface StatusPointers {
  readonly ocsp: readonly string[];
  readonly lists: readonly string[];
  /** Lists of what changed since (RFC 5280, 4.2.1.15). */
  readonly deltas: readonly string[];
  /** Certificates of who issued it. */
  readonly issuers: readonly string[];
  /** Its issuer says that nobody tells (RFC 9608). */
  readonly isNeverTold: boolean;
  /** Places that are no HTTP, such as directories. */
  readonly others: number;
}

/** Nobody has more; each costs a call. */
const MOST = 8;
/** Nothing in it that would have to be escaped. */
const HTTP_URL = /^https?:\/\/[\x21-\x7e]{1,2048}$/i;
const NO_REVOCATION_AVAILABLE = '2.5.29.56';
const ACCESS = { ocsp: '1.3.6.1.5.5.7.48.1', issuers: '1.3.6.1.5.5.7.48.2' } as const;

/** What cannot be read names no place. */
export function statusPointers(extensions: readonly PathExtension[]): StatusPointers {
  let others = 0;
  const problems: Problem[] = [];
  const read = <T>(oid: string, get: (value: Uint8Array) => readonly T[]): readonly T[] => {
    const value = extensions.find((each) => each.oid === oid)?.value;
    return (value === undefined ? undefined : attempt(problems, 'a pointer', () => get(value))) ?? [];
  };
  const asked = (places: readonly string[]): readonly string[] => {
    const urls = places.filter((place) => HTTP_URL.test(place));
    others += places.length - urls.length;
    return [...new Set(urls)].slice(0, MOST);
  };
  const access = read(OID.authorityInfoAccess, accessDescriptions);
  const by = (method: string): readonly string[] =>
    asked(access.filter((each) => each.method === method).map(({ place }) => place));
  return {
    ocsp: by(ACCESS.ocsp),
    lists: asked(read(OID.cRLDistributionPoints, pointUrls)),
    deltas: asked(read(OID.freshestCRL, pointUrls)),
    issuers: by(ACCESS.issuers),
    isNeverTold: extensions.some(({ oid }) => oid === NO_REVOCATION_AVAILABLE),
    others,
  };
}

function accessDescriptions(value: Uint8Array): readonly { method: string; place: string }[] {
  return Array.from(elements(readDer(value)), (node) => {
    const fields = sequence(node, 'an access description');
    const method = objectIdentifier(fields.any('its method'), 'its method');
    return { method, place: generalName(fields.any('its place')).value };
  });
}

function pointUrls(value: Uint8Array): readonly string[] {
  return Array.from(elements(readDer(value))).flatMap((point) => {
    const name = sequence(point, 'a distribution point').optional(context(0));
    const full = name === undefined ? undefined : fieldsOf(name).optional(context(0));
    if (full === undefined) return [];
    return generalNames(full).flatMap(({ kind, value: place }) => (kind === 'uri' ? [place] : []));
  });
}
