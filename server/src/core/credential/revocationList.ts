/** Certificate revocation lists (RFC 5280, 5). */
import { readSigned } from './certificate.ts';
import {
  context,
  type Der,
  elements,
  fieldsOf,
  integerHex,
  objectIdentifier,
  octetString,
  readDer,
  sequence,
  TAG,
} from './der.ts';
import { type NamePart, nameParts, nameText } from './distinguishedName.ts';
import { type ExtensionFacts, type RawExtension, readExtensions } from './extension.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';
import { timeOf } from './time.ts';

export interface RevokedEntry {
  readonly serialNumber: string;
  readonly revokedAt: string;
  /** RFC 5280, 5.3.1; undefined when the list gives none. */
  readonly reason: string | undefined;
}

export interface DecodedRevocationList {
  readonly issuer: string | undefined;
  readonly issuerParts: readonly NamePart[];
  readonly thisUpdate: string | undefined;
  readonly nextUpdate: string | undefined;
  readonly signatureAlgorithm: string | undefined;
  /** The first ones, up to `maxEntries`. */
  readonly entries: readonly RevokedEntry[];
  readonly entryCount: number;
  readonly extensions: readonly RawExtension[];
  readonly facts: ExtensionFacts;
}

/** RFC 5280, 5.3.1, by their codes. */
export const REVOCATION_REASON_NAMES: readonly (string | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

export function decodeRevocationList(
  der: Uint8Array,
  maxEntries: number,
): Decoded<DecodedRevocationList | undefined> {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the revocation list', () => {
    const outer = readDer(der);
    const list = sequence(sequence(outer, 'the list').any('the signed part'), 'the signed part');
    list.optional(TAG.integer);
    list.take(TAG.sequence, 'the signature algorithm');
    const issuerNode = list.any('the issuer');
    const issuer = attempt(problems, 'the issuer', () => nameText(issuerNode, 'the issuer'));
    const thisNode = list.any('the date of the list');
    const thisUpdate = attempt(problems, 'the date of the list', () =>
      timeOf(thisNode, 'the date of the list'),
    );
    const nextNode = list.optional(TAG.utcTime) ?? list.optional(TAG.generalizedTime);
    const nextUpdate =
      nextNode && attempt(problems, 'the date of the next list', () => timeOf(nextNode, 'the date'));
    const revoked = list.optional(TAG.sequence);
    const { entries, count } = readEntries(revoked, maxEntries, problems);
    const wrapper = list.optional(context(0));
    const extensions =
      wrapper === undefined
        ? { raw: [], facts: {} }
        : attempt(problems, 'the extensions', () =>
            readExtensions(fieldsOf(wrapper).any('the extensions'), problems),
          );
    const signed = attempt(problems, 'the signature', () => readSigned(outer));
    return {
      issuer,
      issuerParts: attempt([], 'the issuer', () => nameParts(issuerNode, 'the issuer')) ?? [],
      thisUpdate,
      nextUpdate,
      signatureAlgorithm: signed?.name,
      entries,
      entryCount: count,
      extensions: extensions?.raw ?? [],
      facts: extensions?.facts ?? {},
    };
  });
  return { value, problems };
}

/** Entries that are looked through for one page before it is given as far as it came: more than any list has. */
const MOST_LOOKED_AT = 2_000_000;

/**
 * Some entries of a list, for who shows it page by page: `serial` (hex) leaves those whose serial number holds it. `count`
 * tells how many there are in all. Undefined: an entry that cannot be read.
 */
export function revocationListPage(
  der: Uint8Array,
  from: number,
  size: number,
  serial = '',
): { readonly entries: readonly (RevokedEntry | undefined)[]; readonly count: number } {
  const entries: (RevokedEntry | undefined)[] = [];
  let count = 0;
  attempt([], 'the revocation list', () => {
    const revoked = revokedOf(der);
    let looked = 0;
    for (const node of revoked === undefined ? [] : elements(revoked)) {
      if (++looked > MOST_LOOKED_AT) break;
      const onPage = count >= from && entries.length < size;
      if (serial !== '' && attempt([], 'an entry', () => serialOf(node))?.includes(serial) !== true) continue;
      if (onPage) entries.push(attempt([], 'an entry', () => readEntry(node)));
      count++;
    }
  });
  return { entries, count };
}

function revokedOf(der: Uint8Array): Der | undefined {
  const list = sequence(sequence(readDer(der), 'the list').any('the signed part'), 'the signed part');
  list.optional(TAG.integer);
  list.take(TAG.sequence, 'the signature algorithm');
  list.any('the issuer');
  list.any('the date of the list');
  if (list.optional(TAG.utcTime) === undefined) list.optional(TAG.generalizedTime);
  return list.optional(TAG.sequence);
}

function readEntries(
  revoked: Der | undefined,
  maxEntries: number,
  problems: Problem[],
): { entries: readonly RevokedEntry[]; count: number } {
  const entries: RevokedEntry[] = [];
  let count = 0;
  if (revoked === undefined) return { entries, count };
  let damaged = 0;
  attempt(problems, 'the entries', () => {
    for (const node of elements(revoked)) {
      count++;
      if (entries.length + damaged >= maxEntries) continue;
      const own: Problem[] = [];
      const entry = attempt(own, `entry ${count}`, () => readEntry(node));
      if (entry !== undefined) entries.push(entry);
      else if (damaged++ < 3) problems.push(...own);
    }
  });
  return { entries, count };
}

function serialOf(entry: Der): string {
  return integerHex(sequence(entry, 'an entry').any('the serial number'), 'the serial number');
}

function readEntry(node: Der): RevokedEntry {
  const fields = sequence(node, 'an entry');
  const serialNumber = integerHex(fields.any('the serial number'), 'the serial number');
  const revokedAt = timeOf(fields.any('the date'), 'the date');
  const extensions = fields.optional(TAG.sequence);
  return { serialNumber, revokedAt, reason: extensions && reasonOf(extensions) };
}

function reasonOf(extensions: Der): string | undefined {
  for (const extension of elements(extensions)) {
    const fields = sequence(extension, 'an extension');
    if (objectIdentifier(fields.any('its type'), 'its type') !== '2.5.29.21') continue;
    fields.optional(TAG.boolean);
    const code = readDer(octetString(fields.any('its value'), 'its value'));
    return REVOCATION_REASON_NAMES[code.source[code.contentStart] ?? 0];
  }
  return undefined;
}
