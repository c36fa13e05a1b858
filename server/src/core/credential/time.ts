import { decodeLatin1 } from './charset.ts';
import { content, type Der, DerError, TAG } from './der.ts';

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?$/;
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?(?:[.,]\d{1,9})?(Z|[+-]\d{4})?$/;

/** ISO 8601, UTC, of a UTCTime or GeneralizedTime. What RFC 5280, 4.1.2.5 forbids but X.680 allows is read too. */
export function timeOf(node: Der, what: string): string {
  const text = decodeLatin1(content(node).subarray(0, 64));
  if (node.tag !== TAG.utcTime && node.tag !== TAG.generalizedTime) {
    throw new DerError(`${what} is no time`, node.start);
  }
  const match = (node.tag === TAG.utcTime ? UTC_TIME : GENERALIZED_TIME).exec(text);
  const iso = match === null ? undefined : isoOf(match, node.tag === TAG.utcTime);
  if (iso === undefined) throw new DerError(`${what} is no date and time: ${printable(text)}`, node.start);
  return iso;
}

function isoOf(match: RegExpExecArray, twoDigitYear: boolean): string | undefined {
  const [, y, mo, d, h, mi, s, zone] = match;
  const [month, day, hour, minute, second] = [mo, d, h, mi, s].map((part) => Number(part ?? '0'));
  if (month === undefined || day === undefined || hour === undefined) return undefined;
  if (minute === undefined || second === undefined) return undefined;
  // RFC 5280, 4.1.2.5.1: years from 50 on belong to the last century.
  const year = twoDigitYear ? (Number(y) >= 50 ? 1900 : 2000) + Number(y) : Number(y);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  date.setUTCHours(hour, minute - offsetMinutes(zone), second, 0);
  return date.toISOString();
}

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return zone.startsWith('-') ? -minutes : minutes;
}

function printable(text: string): string {
  return `"${text.slice(0, 24).replace(/[^\x20-\x7e]/g, '?')}"`;
}
