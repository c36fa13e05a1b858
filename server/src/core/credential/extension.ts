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
  readDer,
  sequence,
  smallInteger,
  TAG,
} from './der.ts';
import { type GeneralName, generalName, generalNames } from './generalName.ts';
import { toHex } from './octets.ts';
import { EXTENDED_KEY_USAGES, EXTENSIONS } from './oid.ts';
import { attempt, type Problem } from './problem.ts';

export interface RawExtension {
  readonly oid: string;
  /** Undefined for one that is not known here. */
  readonly name: string | undefined;
  readonly critical: boolean;
  /** DER inside the OCTET STRING. */
  readonly value: Uint8Array;
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
  readonly nameConstraints?: {
    readonly permitted: readonly GeneralName[];
    readonly excluded: readonly GeneralName[];
  };
  readonly crlNumber?: string;
  readonly baseCrlNumber?: string;
}

const KEY_USAGES = [
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
      raw.push(extension);
      const read = attempt(problems, `the extension ${extension.name ?? extension.oid}`, () =>
        factsOf(extension),
      );
      facts = { ...facts, ...read };
    }
  });
  return { raw, facts };
}

function readExtension(node: Der): RawExtension {
  const fields = sequence(node, 'an extension');
  const oid = objectIdentifier(fields.any('its type'), 'its type');
  const critical = fields.optional(TAG.boolean);
  return {
    oid,
    name: EXTENSIONS.get(oid),
    critical: critical !== undefined && boolean(critical, 'its critical flag'),
    value: octetString(fields.any('its value'), 'its value'),
  };
}

function factsOf(extension: RawExtension): ExtensionFacts {
  switch (extension.name) {
    case 'subjectAltName':
      return { subjectAltNames: generalNames(readDer(extension.value)) };
    case 'basicConstraints':
      return basicConstraints(extension.value);
    case 'keyUsage':
      return { keyUsages: keyUsages(extension.value) };
    case 'extKeyUsage': {
      const usages = Array.from(elements(readDer(extension.value)), (node) =>
        objectIdentifier(node, 'a usage'),
      );
      return { extendedKeyUsages: usages.map((oid) => EXTENDED_KEY_USAGES.get(oid) ?? oid) };
    }
    case 'subjectKeyIdentifier':
      return { subjectKeyId: toHex(octetString(readDer(extension.value), 'the key identifier')) };
    case 'authorityKeyIdentifier': {
      const id = sequence(readDer(extension.value), 'the identifier').optional(context(0, 'primitive'));
      return id === undefined ? {} : { authorityKeyId: toHex(content(id)) };
    }
    case 'cRLDistributionPoints':
      return { crlUrls: distributionPoints(extension.value) };
    case 'authorityInfoAccess':
      return informationAccess(extension.value);
    case 'certificatePolicies': {
      const policies = elements(readDer(extension.value));
      return {
        policies: Array.from(policies, (node) =>
          objectIdentifier(sequence(node, 'a policy').any('a policy'), 'a policy'),
        ),
      };
    }
    case 'nameConstraints':
      return { nameConstraints: nameConstraints(extension.value) };
    case 'cRLNumber':
      return { crlNumber: integerHex(readDer(extension.value), 'the number') };
    case 'deltaCRLIndicator':
      return { baseCrlNumber: integerHex(readDer(extension.value), 'the base number') };
    default:
      return {};
  }
}

function basicConstraints(value: Uint8Array): ExtensionFacts {
  const fields = sequence(readDer(value), 'the constraints');
  const authority = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  return {
    certificateAuthority: authority !== undefined && boolean(authority, 'the CA flag'),
    ...(length === undefined ? {} : { pathLength: smallInteger(length, 'the path length') }),
  };
}

function keyUsages(value: Uint8Array): readonly string[] {
  const octets = content(readDer(value)).subarray(1);
  return KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function distributionPoints(value: Uint8Array): readonly string[] {
  const urls: string[] = [];
  for (const point of elements(readDer(value))) {
    const name = sequence(point, 'a distribution point').optional(context(0));
    const full = name === undefined ? undefined : fieldsOf(name).optional(context(0));
    if (full === undefined) continue;
    for (const each of generalNames(full)) if (each.kind === 'uri') urls.push(each.value);
  }
  return urls;
}

function informationAccess(value: Uint8Array): ExtensionFacts {
  const ocspUrls: string[] = [];
  const issuerUrls: string[] = [];
  for (const node of elements(readDer(value))) {
    const fields = sequence(node, 'an access description');
    const method = objectIdentifier(fields.any('its method'), 'its method');
    const place = generalName(fields.any('its place'));
    if (method === '1.3.6.1.5.5.7.48.1') ocspUrls.push(place.value);
    if (method === '1.3.6.1.5.5.7.48.2') issuerUrls.push(place.value);
  }
  return { ocspUrls, issuerUrls };
}

function nameConstraints(value: Uint8Array): {
  permitted: readonly GeneralName[];
  excluded: readonly GeneralName[];
} {
  const fields = sequence(readDer(value), 'the constraints');
  const subtrees = (node: Der | undefined): readonly GeneralName[] =>
    node === undefined
      ? []
      : Array.from(elements(node), (each) => generalName(sequence(each, 'a subtree').any('a subtree')));
  return {
    permitted: subtrees(fields.optional(context(0))),
    excluded: subtrees(fields.optional(context(1))),
  };
}
