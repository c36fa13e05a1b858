/** Extensions of certificates, requests and CRLs (RFC 5280, 4.2). One that is unknown stays raw; it is no error. */
import {
  boolean,
  content,
  context,
  type Der,
  elements,
  fieldsOf,
  integerHex,
  objectIdentifier,
  octetString,
  readInside,
  sequence,
  smallInteger,
  TAG,
} from './der.ts';
import { type GeneralName, generalName, generalNames } from './generalName.ts';
import { toHex } from './octets.ts';
import { EXTENDED_KEY_USAGES, EXTENSIONS } from './oid.ts';
import { attempt, type Problem } from './problem.ts';
import { type SignedTimestamp, signedTimestamps } from './signedTimestamps.ts';

export interface RawExtension {
  readonly oid: string;
  /** Undefined for one that is not known here. */
  readonly name: string | undefined;
  readonly critical: boolean;
  /** DER inside the OCTET STRING. */
  readonly value: Uint8Array;
}

interface ReadExtension extends RawExtension {
  readonly valueNode: Der;
}

export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** What the known extensions say; a member is absent when its extension is, or when it cannot be read. */
export interface ExtensionFacts {
  readonly subjectAltNames?: readonly GeneralName[];
  readonly certificateAuthority?: boolean;
  readonly pathLength?: number;
  /** RFC 5280, 4.2.1.3, by its names. */
  readonly keyUsages?: readonly string[];
  /** Names of RFC 5280, 4.2.1.12, else dotted. */
  readonly extendedKeyUsages?: readonly string[];
  /** Hex. */
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  readonly crlUrls?: readonly string[];
  readonly ocspUrls?: readonly string[];
  readonly issuerUrls?: readonly string[];
  readonly policies?: readonly string[];
  readonly nameConstraints?: NameConstraints;
  /** What certificate transparency logs promised (RFC 6962, 3.3). */
  readonly timestamps?: readonly SignedTimestamp[];
  /** RFC 7633, by the names of the TLS extensions, else their numbers: `status_request` wants a stapled OCSP answer. */
  readonly tlsFeatures?: readonly string[];
  readonly crlNumber?: string;
  readonly baseCrlNumber?: string;
}

const TLS_FEATURES: ReadonlyMap<number, string> = new Map([
  [5, 'status_request'],
  [17, 'status_request_v2'],
]);

/** RFC 5280, 4.2.1.3: the place in the list is the number of the bit. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** `list`: SEQUENCE OF Extension. Each is read for itself. */
export function readExtensions(
  list: Der,
  problems: Problem[],
): { readonly raw: readonly RawExtension[]; readonly facts: ExtensionFacts } {
  const raw: RawExtension[] = [];
  let facts: ExtensionFacts = {};
  attempt(problems, 'the extensions', () => {
    for (const node of elements(list)) {
      const extension = attempt(problems, `extension ${raw.length + 1}`, () => readExtension(node));
      if (extension === undefined) continue;
      const { valueNode, ...shown } = extension;
      raw.push(shown);
      const read = attempt(problems, `the extension ${extension.name ?? extension.oid}`, () =>
        factsOf(shown.name, valueNode),
      );
      facts = { ...facts, ...read };
    }
  });
  return { raw, facts };
}

function readExtension(node: Der): ReadExtension {
  const fields = sequence(node, 'an extension');
  const oid = objectIdentifier(fields.any('its type'), 'its type');
  const critical = fields.optional(TAG.boolean);
  const valueNode = fields.any('its value');
  return {
    oid,
    valueNode,
    name: EXTENSIONS.get(oid),
    critical: critical !== undefined && boolean(critical, 'its critical flag'),
    value: octetString(valueNode, 'its value'),
  };
}

/** `value`: the OCTET STRING. */
function factsOf(name: string | undefined, value: Der): ExtensionFacts {
  switch (name) {
    case 'subjectAltName':
      return { subjectAltNames: generalNames(readInside(value)) };
    case 'basicConstraints':
      return basicConstraints(value);
    case 'keyUsage':
      return { keyUsages: keyUsages(value) };
    case 'extKeyUsage': {
      const usages = Array.from(elements(readInside(value)), (node) => objectIdentifier(node, 'a usage'));
      return { extendedKeyUsages: usages.map((oid) => EXTENDED_KEY_USAGES.get(oid) ?? oid) };
    }
    case 'subjectKeyIdentifier':
      return { subjectKeyId: toHex(octetString(readInside(value), 'the key identifier')) };
    case 'authorityKeyIdentifier': {
      const id = sequence(readInside(value), 'the identifier').optional(context(0, 'primitive'));
      return id === undefined ? {} : { authorityKeyId: toHex(content(id)) };
    }
    case 'cRLDistributionPoints':
      return { crlUrls: distributionPoints(value) };
    case 'authorityInfoAccess':
      return informationAccess(value);
    case 'certificatePolicies': {
      const policies = elements(readInside(value));
      return {
        policies: Array.from(policies, (node) =>
          objectIdentifier(sequence(node, 'a policy').any('a policy'), 'a policy'),
        ),
      };
    }
    case 'nameConstraints':
      return { nameConstraints: nameConstraints(value) };
    case 'signedCertificateTimestamps':
      return { timestamps: signedTimestamps(octetString(readInside(value), 'the list')) };
    case 'tlsFeature': {
      const features = Array.from(elements(readInside(value)), (node) => smallInteger(node, 'a feature'));
      return { tlsFeatures: features.map((number) => TLS_FEATURES.get(number) ?? String(number)) };
    }
    case 'cRLNumber':
      return { crlNumber: integerHex(readInside(value), 'the number') };
    case 'deltaCRLIndicator':
      return { baseCrlNumber: integerHex(readInside(value), 'the base number') };
    default:
      return {};
  }
}

function basicConstraints(value: Der): ExtensionFacts {
  const fields = sequence(readInside(value), 'the constraints');
  const authority = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  return {
    certificateAuthority: authority !== undefined && boolean(authority, 'the CA flag'),
    ...(length === undefined ? {} : { pathLength: smallInteger(length, 'the path length') }),
  };
}

function keyUsages(value: Der): readonly string[] {
  const octets = content(readInside(value)).subarray(1);
  return KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function distributionPoints(value: Der): readonly string[] {
  const urls: string[] = [];
  for (const point of elements(readInside(value))) {
    const name = sequence(point, 'a distribution point').optional(context(0));
    const full = name === undefined ? undefined : fieldsOf(name).optional(context(0));
    if (full === undefined) continue;
    for (const each of generalNames(full)) if (each.kind === 'uri') urls.push(each.value);
  }
  return urls;
}

function informationAccess(value: Der): ExtensionFacts {
  const ocspUrls: string[] = [];
  const issuerUrls: string[] = [];
  for (const node of elements(readInside(value))) {
    const fields = sequence(node, 'an access description');
    const method = objectIdentifier(fields.any('its method'), 'its method');
    const place = generalName(fields.any('its place'));
    if (method === '1.3.6.1.5.5.7.48.1') ocspUrls.push(place.value);
    if (method === '1.3.6.1.5.5.7.48.2') issuerUrls.push(place.value);
  }
  return { ocspUrls, issuerUrls };
}

function nameConstraints(value: Der): NameConstraints {
  const fields = sequence(readInside(value), 'the constraints');
  const subtrees = (node: Der | undefined): readonly GeneralName[] =>
    node === undefined
      ? []
      : Array.from(elements(node), (each) => generalName(sequence(each, 'a subtree').any('a subtree')));
  return {
    permitted: subtrees(fields.optional(context(0))),
    excluded: subtrees(fields.optional(context(1))),
  };
}
