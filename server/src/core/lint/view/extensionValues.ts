/** What the extensions of RFC 5280, 4.2 say, in the form in which rules ask. All of these throw `DerError`. */
import {
  boolean,
  content,
  context,
  type Der,
  DerError,
  elements,
  expect,
  fieldsOf,
  integerOctets,
  objectIdentifier,
  sequence,
  TAG,
} from '../../credential/der.ts';
import { KEY_USAGES } from '../../credential/extension.ts';
import { type AlternativeName, readAlternativeName, readAlternativeNames } from './alternativeName.ts';

export type KeyUsage = (typeof KEY_USAGES)[number];

export interface KeyUsageBits {
  readonly set: ReadonlySet<KeyUsage>;
  /** The bits without their count of unused ones. */
  readonly octets: Uint8Array;
  readonly unusedBits: number;
  /** A bit above the ninth is set. */
  readonly hasMore: boolean;
}

export function readKeyUsage(node: Der): KeyUsageBits {
  const all = content(expect(node, TAG.bitString, 'the key usage'));
  const octets = all.subarray(1);
  const set = new Set<KeyUsage>();
  let hasMore = false;
  for (let bit = 0; bit < octets.length * 8; bit += 1) {
    if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) === 0) continue;
    const usage = KEY_USAGES[bit];
    if (usage === undefined) hasMore = true;
    else set.add(usage);
  }
  return { set, octets, unusedBits: all[0] ?? 0, hasMore };
}

export interface BasicConstraints {
  readonly isAuthority: boolean;
  /** The cA field is there. */
  readonly isAuthorityWritten: boolean;
  /** Content octets; undefined: there is no limit. */
  readonly pathLength: Uint8Array | undefined;
}

export function readBasicConstraints(node: Der): BasicConstraints {
  const fields = sequence(node, 'the basic constraints');
  const authority = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  return {
    isAuthority: authority !== undefined && boolean(authority, 'the CA flag'),
    isAuthorityWritten: authority !== undefined,
    pathLength: length && integerOctets(length, 'the path length'),
  };
}

export function readObjectIdentifiers(node: Der): readonly string[] {
  expect(node, TAG.sequence, 'the list');
  return Array.from(elements(node), (each) => objectIdentifier(each, 'an identifier'));
}

export interface Policy {
  readonly oid: string;
  readonly qualifiers: readonly { readonly oid: string; readonly value: Der | undefined }[] | undefined;
}

export function readPolicies(node: Der): readonly Policy[] {
  expect(node, TAG.sequence, 'the policies');
  return Array.from(elements(node), (each) => {
    const fields = sequence(each, 'a policy');
    const oid = objectIdentifier(fields.any('a policy'), 'a policy');
    if (!fields.more()) return { oid, qualifiers: undefined };
    const list = fields.take(TAG.sequence, 'the qualifiers');
    return {
      oid,
      qualifiers: Array.from(elements(list), (qualifier) => {
        const parts = sequence(qualifier, 'a qualifier');
        return {
          oid: objectIdentifier(parts.any('a qualifier'), 'a qualifier'),
          value: parts.more() ? parts.any('its value') : undefined,
        };
      }),
    };
  });
}

export function readPolicyMappings(
  node: Der,
): readonly { readonly issuer: string; readonly subject: string }[] {
  expect(node, TAG.sequence, 'the mappings');
  return Array.from(elements(node), (each) => {
    const fields = sequence(each, 'a mapping');
    return {
      issuer: objectIdentifier(fields.any('a policy'), 'a policy'),
      subject: objectIdentifier(fields.any('a policy'), 'a policy'),
    };
  });
}

export interface AuthorityKeyId {
  readonly keyId: Uint8Array | undefined;
  readonly hasIssuer: boolean;
  readonly hasSerial: boolean;
}

export function readAuthorityKeyId(node: Der): AuthorityKeyId {
  const fields = sequence(node, "the authority's key identifier");
  const keyId = fields.optional(context(0, 'primitive'));
  const issuer = fields.optional(context(1));
  const serial = fields.optional(context(2, 'primitive'));
  return {
    keyId: keyId && content(keyId),
    hasIssuer: issuer !== undefined,
    hasSerial: serial !== undefined,
  };
}

export interface DistributionPoint {
  /** Undefined: it has no full name. */
  readonly names: readonly AlternativeName[] | undefined;
  readonly hasRelativeName: boolean;
  readonly hasReasons: boolean;
  readonly hasIssuer: boolean;
}

export function readDistributionPoints(node: Der): readonly DistributionPoint[] {
  expect(node, TAG.sequence, 'the distribution points');
  return Array.from(elements(node), (each) => {
    const fields = sequence(each, 'a distribution point');
    const point = fields.optional(context(0));
    const inner = point && fieldsOf(point);
    const full = inner?.optional(context(0));
    const relative = inner?.optional(context(1));
    const reasons = fields.optional(context(1, 'primitive'));
    const issuer = fields.optional(context(2));
    return {
      names: full && readAlternativeNames(full),
      hasRelativeName: relative !== undefined,
      hasReasons: reasons !== undefined,
      hasIssuer: issuer !== undefined,
    };
  });
}

export interface AccessDescription {
  readonly method: string;
  readonly location: AlternativeName;
}

export function readAccessDescriptions(node: Der): readonly AccessDescription[] {
  expect(node, TAG.sequence, 'the access descriptions');
  return Array.from(elements(node), (each) => {
    const fields = sequence(each, 'an access description');
    return {
      method: objectIdentifier(fields.any('its method'), 'its method'),
      location: readAlternativeName(fields.any('its place')),
    };
  });
}

export interface Subtree {
  readonly base: AlternativeName;
  readonly minimum: Der | undefined;
  readonly maximum: Der | undefined;
}

export interface NameConstraintsView {
  /** Undefined: there is no such list. */
  readonly permitted: readonly Subtree[] | undefined;
  readonly excluded: readonly Subtree[] | undefined;
}

export function readNameConstraints(node: Der): NameConstraintsView {
  const fields = sequence(node, 'the name constraints');
  const subtrees = (list: Der | undefined): readonly Subtree[] | undefined =>
    list &&
    Array.from(elements(list), (each) => {
      const parts = sequence(each, 'a subtree');
      return {
        base: readAlternativeName(parts.any('its base')),
        minimum: parts.optional(context(0, 'primitive')),
        maximum: parts.optional(context(1, 'primitive')),
      };
    });
  return {
    permitted: subtrees(fields.optional(context(0))),
    excluded: subtrees(fields.optional(context(1))),
  };
}

/** The whole value is one element. */
export function onlyElement(node: Der, limit: number): Der {
  if (node.end !== limit) throw new DerError(`${limit - node.end} octets follow the value`, node.end);
  return node;
}
