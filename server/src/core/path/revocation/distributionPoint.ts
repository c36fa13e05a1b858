/** Where a certificate says that its status is told (RFC 5280, 4.2.1.13). */
import {
  context,
  type Der,
  elements,
  fieldsOf,
  readDer,
  sequence,
  TAG,
  whole,
} from '../../credential/der.ts';
import { toHex } from '../../credential/octets.ts';
import { type NameKey, nameKey, sameName } from '../nameKey.ts';
import { extensionOf, OID, type PathCertificate } from '../pathCertificate.ts';
import { ALL_REASONS, reasonBits } from './pathCrl.ts';

/** Full names, as they compare, or a part that goes to the end of an issuer's name. */
export type PointName = { readonly full: readonly string[] } | { readonly relative: string };

export interface DistributionPoint {
  readonly name: PointName | undefined;
  /** Bits of ReasonFlags. */
  readonly reasons: number;
  /** Who issues that list, where that is not who issued the certificate. */
  readonly issuers: readonly NameKey[];
}

/** Without the extension: the list that its issuer issues. */
export function pointsOf(certificate: PathCertificate): readonly DistributionPoint[] {
  const extension = extensionOf(certificate, OID.cRLDistributionPoints);
  if (extension === undefined) return [{ name: undefined, reasons: ALL_REASONS, issuers: [] }];
  return Array.from(elements(readDer(extension.value)), (node) => {
    const fields = sequence(node, 'a distribution point');
    const name = fields.optional(context(0));
    const reasons = fields.optional(context(1, 'primitive'));
    const issuers = fields.optional(context(2));
    return {
      name: name && pointNameOf(name),
      reasons: reasons === undefined ? ALL_REASONS : reasonBits(reasons),
      issuers: issuers === undefined ? [] : directoryNames(issuers),
    };
  });
}

/** `node`: the explicit tag around a DistributionPointName. */
export function pointNameOf(node: Der): PointName {
  const inner = fieldsOf(node).any('the name of a point');
  if (inner.tag === context(1)) return { relative: rdnKey(inner) };
  return { full: Array.from(elements(inner), generalNameKey) };
}

/** As `nameKey` has one RDN. */
function rdnKey(inner: Der): string {
  const content = inner.source.subarray(inner.contentStart, inner.contentEnd);
  return nameKey(readDer(wrapped(TAG.sequence, wrapped(TAG.set, content))))[0] ?? '';
}

function wrapped(tag: number, content: Uint8Array): Uint8Array {
  const length =
    content.length < 0x80 ? [content.length] : [0x82, (content.length >> 8) & 0xff, content.length & 0xff];
  return Uint8Array.from([tag, ...length, ...content]);
}

function generalNameKey(node: Der): string {
  if (node.tag !== context(4)) return toHex(whole(node));
  return fullKey(nameKey(fieldsOf(node).any('a name')));
}

function fullKey(name: NameKey): string {
  return `directory ${JSON.stringify(name)}`;
}

function directoryNames(node: Der): readonly NameKey[] {
  return Array.from(elements(node)).flatMap((each) =>
    each.tag === context(4) ? [nameKey(fieldsOf(each).any('a name'))] : [],
  );
}

/** Whether a list with this name is what the point means (RFC 5280, 6.3.3 (b)(2)(i)). */
export function samePoint(
  { name, issuers }: DistributionPoint,
  listName: PointName,
  certificateIssuer: NameKey,
): boolean {
  const listIssuers = issuers.length === 0 ? [certificateIssuer] : issuers;
  const wanted = name === undefined ? listIssuers.map(fullKey) : namesOf(name, listIssuers);
  const offered = namesOf(listName, listIssuers);
  return offered.some((each) => wanted.includes(each));
}

function namesOf(name: PointName, issuers: readonly NameKey[]): readonly string[] {
  return 'full' in name ? name.full : issuers.map((issuer) => fullKey([...issuer, name.relative]));
}

export function isOneOf(name: NameKey, names: readonly NameKey[]): boolean {
  return names.some((each) => sameName(each, name));
}
