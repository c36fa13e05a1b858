import { Name } from '@peculiar/asn1-x509';
import type { SubjectNames } from '../subjectNames.ts';
import { commonNameOnly, parseDistinguishedName } from './distinguishedName.ts';
import { parseIpAddress } from './ipAddress.ts';

/** More names than any real certificate has, fewer than what makes clients refuse the handshake. */
const MAXIMUM_NAMES = 500;
const MAXIMUM_URI = 2048;

export interface NameProblem {
  readonly field: keyof SubjectNames;
  readonly value: string;
  /** A sentence without its start: `is no IPv4 or IPv6 address`. */
  readonly why: string;
}

/** Names that were not checked with `problemsOfNames` before they were built. */
export class UnbuildableNames extends Error {
  override readonly name = 'UnbuildableNames';
  readonly problems: readonly NameProblem[];

  constructor(problems: readonly NameProblem[]) {
    super(problems.map(({ field, value, why }) => `${field}: "${value}" ${why}`).join('; '));
    this.problems = problems;
  }
}

/** What cannot stand in a certificate, for each name; empty when all can. */
export function problemsOfNames(names: SubjectNames): readonly NameProblem[] {
  const problems: NameProblem[] = [];
  const look = (field: keyof SubjectNames, value: string, why: string | undefined): void => {
    if (why !== undefined) problems.push({ field, value: value.slice(0, 300), why });
  };
  if (names.subject !== undefined) {
    const parsed = parseDistinguishedName(names.subject);
    look('subject', names.subject, parsed.ok ? undefined : `is no distinguished name: ${parsed.why}`);
  }
  for (const value of names.dnsNames) look('dnsNames', value, problemOfDnsName(value));
  for (const value of names.ipAddresses)
    look('ipAddresses', value, parseIpAddress(value) ? undefined : 'is no IPv4 or IPv6 address');
  for (const value of names.uris) look('uris', value, problemOfUri(value));
  for (const value of names.emailAddresses) look('emailAddresses', value, problemOfEmail(value));
  if (countOf(names) > MAXIMUM_NAMES)
    look(
      'dnsNames',
      `${countOf(names)} names`,
      `are more than the ${MAXIMUM_NAMES} that one certificate takes`,
    );
  return problems;
}

/** The subject: as declared, else the first name as CN where it fits, else empty (then the names are critical). */
export function subjectOf(names: SubjectNames): Name {
  if (names.subject !== undefined) {
    const parsed = parseDistinguishedName(names.subject);
    if (!parsed.ok) throw new UnbuildableNames(problemsOfNames(names));
    return parsed.name;
  }
  const first = [...names.dnsNames, ...names.ipAddresses, ...names.emailAddresses, ...names.uris][0];
  return (first === undefined ? undefined : commonNameOnly(first)) ?? new Name();
}

/** As `@peculiar/x509` takes names, too. */
export interface RequestedName {
  readonly type: 'dns' | 'ip' | 'url' | 'email';
  readonly value: string;
}

/** In the manifest's order; a name that is given twice stands once. */
export function generalNamesOf(names: SubjectNames): RequestedName[] {
  const problems = problemsOfNames(names);
  if (problems.length > 0) throw new UnbuildableNames(problems);
  return [
    ...unique(names.dnsNames).map((value) => ({ type: 'dns' as const, value })),
    ...unique(names.ipAddresses.map(canonicalIpAddress)).map((value) => ({ type: 'ip' as const, value })),
    ...unique(names.uris).map((value) => ({ type: 'url' as const, value })),
    ...unique(names.emailAddresses).map((value) => ({ type: 'email' as const, value })),
  ];
}

/** One spelling for one address, and one that the encoder reads: it knows no `::ffff:192.0.2.1`. */
function canonicalIpAddress(text: string): string {
  const octets = parseIpAddress(text) ?? new Uint8Array();
  if (octets.length === 4) return octets.join('.');
  const groups: string[] = [];
  for (let at = 0; at < octets.length; at += 2)
    groups.push((((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)).toString(16));
  return groups.join(':');
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function countOf(names: SubjectNames): number {
  return names.dnsNames.length + names.ipAddresses.length + names.uris.length + names.emailAddresses.length;
}

/** RFC 5280, 4.2.1.6: the preferred name syntax of RFC 1034, 3.5 as RFC 1123, 2.1 widened it; RFC 9525, 6.3: wildcard. */
function problemOfDnsName(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > 253) return 'is longer than the 253 characters of a DNS name';
  if (/[^\x20-\x7e]/.test(text)) return 'is not ASCII: write its A-label form (xn--…)';
  if (parseIpAddress(text)) return 'is an IP address: it belongs in ipAddresses';
  const labels = text.split('.');
  if (labels[0] === '*') {
    labels.shift();
    if (labels.length < 2) return 'is a wildcard for a whole top-level domain';
  }
  for (const label of labels) {
    if (label === '') return 'has an empty label (two dots, or a dot at its start or end)';
    if (label.includes('*')) return 'has a wildcard that is not its whole first label';
    if (!/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(label) || label.length > 63)
      return `has a label "${label}" that is no host name label (letters, digits and inner hyphens, at most 63)`;
  }
  return undefined;
}

/** RFC 5280, 4.2.1.6: absolute, with a scheme and something after it. */
function problemOfUri(text: string): string | undefined {
  if (text.length > MAXIMUM_URI) return `is longer than ${MAXIMUM_URI} characters`;
  if (!/^[\x21-\x7e]+$/.test(text)) return 'holds characters that a URI does not take: percent-encode them';
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:./.test(text)) return 'is no absolute URI (scheme:…)';
  return undefined;
}

function problemOfEmail(text: string): string | undefined {
  if (text.length > 254) return 'is longer than 254 characters';
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (!/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/.test(local)) return 'is no mail address (name@host, ASCII)';
  const host = text.slice(at + 1);
  return host.startsWith('*') || problemOfDnsName(host) !== undefined
    ? 'is no mail address (its host is no DNS name)'
    : undefined;
}
