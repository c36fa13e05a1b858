/** A certificate revocation list as path validation needs it (RFC 5280, 5). Its entries are walked when one is asked for. */
import {
  bitString,
  boolean,
  content,
  context,
  type Der,
  DerError,
  elements,
  fieldsOf,
  integerOctets,
  readDer,
  sequence,
  smallInteger,
  TAG,
  whole,
} from '../../credential/der.ts';
import { sameOctets, toHex } from '../../credential/octets.ts';
import { attempt, type Problem } from '../../credential/problem.ts';
import { timeOf } from '../../credential/time.ts';
import { type NameKey, nameKey, sameName } from '../nameKey.ts';
import { OID, type PathExtension, readExtension } from '../pathCertificate.ts';
import { type PointName, pointNameOf } from './distributionPoint.ts';

/** RFC 5280, 5.2.5. */
export interface CrlScope {
  readonly name: PointName | undefined;
  readonly onlyUsers: boolean;
  readonly onlyAuthorities: boolean;
  readonly onlyAttributes: boolean;
  /** Bits of ReasonFlags; undefined: all. */
  readonly reasons: number | undefined;
  readonly indirect: boolean;
  readonly der: Uint8Array;
}

export interface PathCrl {
  readonly der: Uint8Array;
  readonly issuer: NameKey;
  /** ISO 8601. */
  readonly thisUpdate: string;
  readonly nextUpdate: string | undefined;
  readonly signed: {
    readonly data: Uint8Array;
    readonly algorithm: Uint8Array;
    readonly signature: Uint8Array;
    readonly declared: Uint8Array;
  };
  readonly extensions: readonly PathExtension[];
  readonly number: bigint | undefined;
  /** Of the complete list that this one is a difference to. */
  readonly baseNumber: bigint | undefined;
  readonly scope: CrlScope | undefined;
  readonly revoked: Der | undefined;
}

export function readPathCrl(der: Uint8Array): {
  readonly value: PathCrl | undefined;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  return { value: attempt(problems, 'the revocation list', () => read(der)), problems };
}

function read(der: Uint8Array): PathCrl {
  const outer = readDer(der);
  const frame = sequence(outer, 'the list');
  const list = frame.take(TAG.sequence, 'the signed part');
  const algorithm = frame.take(TAG.sequence, 'the signature algorithm');
  const signature = bitString(frame.any('the signature'), 'the signature');
  const fields = fieldsOf(list);
  fields.optional(TAG.integer);
  const declared = fields.take(TAG.sequence, 'the signature algorithm');
  const issuer = nameKey(fields.any('the issuer'));
  const thisUpdate = timeOf(fields.any('its date'), 'its date');
  const next = fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime);
  const revoked = fields.optional(TAG.sequence);
  const wrapper = fields.optional(context(0));
  const extensions =
    wrapper === undefined
      ? []
      : Array.from(elements(fieldsOf(wrapper).take(TAG.sequence, 'the extensions')), readExtension);
  const from = <T>(oid: string, get: (node: Der) => T): T | undefined => {
    const found = extensions.find((each) => each.oid === oid);
    return found && get(readDer(found.value));
  };
  return {
    der,
    issuer,
    thisUpdate,
    nextUpdate: next && timeOf(next, 'the date of the next list'),
    signed: { data: whole(list), algorithm: whole(algorithm), signature, declared: whole(declared) },
    extensions,
    number: from(OID.cRLNumber, numberOf),
    baseNumber: from(OID.deltaCRLIndicator, numberOf),
    scope: from(OID.issuingDistributionPoint, scopeOf),
    revoked,
  };
}

function numberOf(node: Der): bigint {
  return BigInt(`0x${toHex(integerOctets(node, 'a number of a list'))}`);
}

function scopeOf(node: Der): CrlScope {
  const fields = sequence(node, 'the scope of the list');
  const name = fields.optional(context(0));
  const flag = (number: number): boolean => {
    const field = fields.optional(context(number, 'primitive'));
    return field !== undefined && boolean({ ...field, tag: TAG.boolean }, 'a flag of the scope');
  };
  const onlyUsers = flag(1);
  const onlyAuthorities = flag(2);
  const reasons = fields.optional(context(3, 'primitive'));
  const indirect = flag(4);
  return {
    name: name && pointNameOf(name),
    onlyUsers,
    onlyAuthorities,
    onlyAttributes: flag(5),
    reasons: reasons && reasonBits(reasons),
    indirect,
    der: whole(node),
  };
}

/** ReasonFlags: bit 0, which nobody uses, is the highest of 9. */
export const ALL_REASONS = 0x1ff;

export function reasonBits(node: Der): number {
  const octets = content(node);
  const value = ((octets[1] ?? 0) << 1) | ((octets[2] ?? 0) >> 7);
  return value & ALL_REASONS;
}

/** `removeFromCRL` is 8. */
export interface CrlEntry {
  readonly revokedAt: string;
  readonly reason: number | undefined;
}

export const REMOVED = 8;

/** What a list says of one certificate. Throws `DerError` where an entry before it cannot be read: then nobody knows. */
export function entryFor(
  { revoked, issuer: listIssuer, scope }: PathCrl,
  serial: Uint8Array,
  issuer: NameKey,
): CrlEntry | undefined {
  let owner = listIssuer;
  for (const node of revoked === undefined ? [] : elements(revoked)) {
    const fields = sequence(node, 'an entry');
    const number = integerOctets(fields.any('the serial number'), 'the serial number');
    const date = fields.any('the date');
    const extensions = fields.optional(TAG.sequence);
    const read = extensions === undefined ? [] : Array.from(elements(extensions), readExtension);
    // It holds for the entries that follow, too (RFC 5280, 5.3.3).
    const named = read.find(({ oid }) => oid === OID.certificateIssuer);
    if (named !== undefined && scope?.indirect === true) owner = directoryNameIn(named.value) ?? owner;
    if (!sameOctets(number, serial) || !sameName(owner, issuer)) continue;
    const unknown = read.find(
      ({ oid, critical }) => critical && oid !== OID.certificateIssuer && oid !== REASON,
    );
    if (unknown !== undefined)
      throw new DerError(`an entry has the critical extension ${unknown.oid}`, node.start);
    const reason = read.find(({ oid }) => oid === REASON);
    return { revokedAt: timeOf(date, 'the date'), reason: reason && enumerated(readDer(reason.value)) };
  }
  return undefined;
}

const REASON = '2.5.29.21';

function enumerated(node: Der): number {
  return smallInteger({ ...node, tag: TAG.integer }, 'a reason');
}

function directoryNameIn(value: Uint8Array): NameKey | undefined {
  for (const node of elements(readDer(value)))
    if (node.tag === context(4)) return nameKey(fieldsOf(node).any('a name'));
  return undefined;
}
