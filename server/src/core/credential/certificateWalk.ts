/**
 * One pass over a certificate (RFC 5280, 4.1) that says where its fields stand and copies nothing, for whoever has hundreds of
 * thousands of them. It goes by the form that nearly all have. What is written in another way it leaves to the readers of each
 * field, which say what is wrong with it: what is walked here they read without a problem.
 */
import { context, TAG } from './der.ts';

/** Offsets in the DER. Issuer, validity, subject and key adjoin: each ends where the next begins. */
export interface CertificateWalk {
  readonly serialNumber: number;
  readonly issuer: number;
  readonly validity: number;
  readonly subject: number;
  readonly spki: number;
  readonly spkiEnd: number;
  /** Their context tag; -1: there are none. */
  readonly extensions: number;
  readonly end: number;
  /** Milliseconds since 1970, UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
}

const NONE = -1;

/** Undefined: it is written in an unusual way, or is no certificate. */
export function walkCertificate(der: Uint8Array): CertificateWalk | undefined {
  const end = endOf(der, 0, der.length);
  if (end === NONE || der[0] !== TAG.sequence) return undefined;
  const tbs = contentOf(der, 0);
  const tbsEnd = endOf(der, tbs, end);
  if (tbsEnd === NONE || der[tbs] !== TAG.sequence) return undefined;
  let serialNumber = contentOf(der, tbs);
  if (der[serialNumber] === context(0)) serialNumber = endOf(der, serialNumber, tbsEnd);
  if (serialNumber === NONE || der[serialNumber] !== TAG.integer) return undefined;
  const algorithm = endOf(der, serialNumber, tbsEnd);
  if (algorithm === NONE || contentOf(der, serialNumber) === algorithm) return undefined;
  const issuer = endOf(der, algorithm, tbsEnd);
  if (issuer === NONE || der[algorithm] !== TAG.sequence) return undefined;
  if (der[contentOf(der, algorithm)] !== TAG.oid || endOf(der, contentOf(der, algorithm), issuer) === NONE)
    return undefined;
  const validity = endOfName(der, issuer, tbsEnd);
  const subject = endOf(der, validity, tbsEnd);
  const spki = endOfName(der, subject, tbsEnd);
  const spkiEnd = endOf(der, spki, tbsEnd);
  if (spkiEnd === NONE || der[validity] !== TAG.sequence) return undefined;
  const start = contentOf(der, validity);
  const startEnd = endOf(der, start, subject);
  const notBefore = timeAt(der, start, startEnd);
  const notAfter = timeAt(der, startEnd, endOf(der, startEnd, subject));
  if (Number.isNaN(notBefore) || Number.isNaN(notAfter)) return undefined;
  let extensions = NONE;
  for (let at = spkiEnd; at < tbsEnd; ) {
    if (der[at] === context(3)) extensions = at;
    at = endOf(der, at, tbsEnd);
    if (at === NONE) return undefined;
  }
  return {
    serialNumber,
    issuer,
    validity,
    subject,
    spki,
    spkiEnd,
    extensions,
    end,
    notBefore,
    notAfter,
  };
}

/** Where an element of a definite length ends; none where it has another, or goes on behind `limit`. */
function endOf(der: Uint8Array, at: number, limit: number): number {
  if (at === NONE || at + 2 > limit || ((der[at] as number) & 0x1f) === 0x1f) return NONE;
  const first = der[at + 1] as number;
  let end = at + 2 + first;
  if (first >= 0x80) {
    const size = first & 0x7f;
    const content = at + 2 + size;
    if (size === 0 || size > 3 || content > limit) return NONE;
    let length = 0;
    for (let each = at + 2; each < content; each += 1) length = length * 256 + (der[each] as number);
    end = content + length;
  }
  return end > limit ? NONE : end;
}

/** Where its content begins. */
function contentOf(der: Uint8Array, at: number): number {
  const first = der[at + 1] as number;
  return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
}

/** A sequence of sets of types with their values (RFC 5280, 4.1.2.4). */
function endOfName(der: Uint8Array, at: number, limit: number): number {
  const end = endOf(der, at, limit);
  if (end === NONE || der[at] !== TAG.sequence) return NONE;
  for (let part = contentOf(der, at); part < end; ) {
    const partEnd = endOf(der, part, end);
    if (partEnd === NONE || der[part] !== TAG.set) return NONE;
    for (let one = contentOf(der, part); one < partEnd; ) {
      const oneEnd = endOf(der, one, partEnd);
      if (oneEnd === NONE || der[one] !== TAG.sequence) return NONE;
      const type = contentOf(der, one);
      const typeEnd = endOf(der, type, oneEnd);
      if (typeEnd === NONE || !isIdentifier(der, type, typeEnd)) return NONE;
      if (endOf(der, typeEnd, oneEnd) === NONE) return NONE;
      one = oneEnd;
    }
    part = partEnd;
  }
  return end;
}

const LONGEST_IDENTIFIER = 127;

/** An object identifier that does not end in the middle of an arc. */
function isIdentifier(der: Uint8Array, at: number, end: number): boolean {
  const length = end - contentOf(der, at);
  if (der[at] !== TAG.oid || length === 0 || length > LONGEST_IDENTIFIER) return false;
  return (der[end - 1] as number) < 0x80;
}

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const ZULU = 0x5a;

/** As RFC 5280, 4.1.2.5 wants times to be written, to the second and in UTC; not a number where it is written otherwise. */
function timeAt(der: Uint8Array, at: number, end: number): number {
  if (at === NONE || end === NONE || der[end - 1] !== ZULU) return Number.NaN;
  const digits = contentOf(der, at);
  const isUtc = der[at] === TAG.utcTime;
  if (!isUtc && der[at] !== TAG.generalizedTime) return Number.NaN;
  const month = isUtc ? digits + 2 : digits + 4;
  if (end - month !== 11) return Number.NaN;
  // 4.1.2.5.1: years from 50 on belong to the last century.
  const short = twoDigits(der, month - 2);
  const year = isUtc ? (short >= 50 ? 1900 : 2000) + short : twoDigits(der, digits) * 100 + short;
  return instantOf(
    year,
    twoDigits(der, month),
    twoDigits(der, month + 2),
    twoDigits(der, month + 4),
    twoDigits(der, month + 6),
    twoDigits(der, month + 8),
  );
}

function twoDigits(der: Uint8Array, at: number): number {
  const tens = (der[at] as number) - 0x30;
  const ones = (der[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Not a number where the calendar has no such day; a leap second is left to others. */
function instantOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return daysSince1970(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * SECOND;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** By the proleptic Gregorian calendar. Years are counted from March on, so that the day of a leap year is their last. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}
