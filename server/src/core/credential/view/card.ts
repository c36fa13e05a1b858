/** One credential of a file as a card: what it is and how it stands at a glance, its sections when it is opened. */
import type { Severity } from '../../finding.ts';
import { leftText } from '../../identity/expiry.ts';
import { formatInstant } from '../../text/instant.ts';
import { capitalized, sentence } from '../../text/sentence.ts';
import type { CredentialItem, CredentialType } from '../inspect/item.ts';
import { certificateSections, fingerprint, requestSections } from './certificateSections.ts';
import { shortName } from './names.ts';
import {
  keyRevocationListSections,
  keySections,
  lockedSections,
  plainSections,
  revocationListSections,
  sshCertificateSections,
  tokenSections,
} from './otherSections.ts';
import { type Row, row, type Section, shown, type Tone } from './shown.ts';

export interface ShownFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly why: string | null;
}

/** The time between start and end of what has both. */
export interface ShownValidity {
  readonly from: string;
  readonly until: string;
  /** Share of it that is over, from 0 to 1. */
  readonly elapsed: number;
}

export interface CardHead {
  /** Place in the file, from 0. */
  readonly card: number;
  readonly type: CredentialType;
  /** `CA certificate`, `Private key`. */
  readonly kind: string;
  readonly name: string;
  readonly status: { readonly text: string; readonly tone: Tone } | null;
  readonly validity: ShownValidity | null;
  /** `PKCS#12`: what it is wrapped in, beside PEM and DER. */
  readonly wrapping: string;
  readonly findings: readonly ShownFinding[];
}

export interface CardContext {
  readonly now: Date;
  /** All of the file. */
  readonly items: readonly CredentialItem[];
  /** DER of revocation lists, by the fingerprint of their items. */
  readonly revocationLists: ReadonlyMap<string, Uint8Array>;
}

export function cardHead(item: CredentialItem, card: number, now: Date): CardHead {
  return {
    card,
    type: item.type,
    kind: kindOf(item),
    name: shown(nameOf(item)).text,
    status: statusOf(item, now),
    validity: validityOf(item, now),
    wrapping: item.wrapping.filter((each) => !PLAIN_WRAPPINGS.has(each)).join(' › '),
    findings: item.findings.slice(0, MOST_FINDINGS).map(({ rule, severity, message, why }) => ({
      rule,
      severity,
      message: sentence(shown(message).text),
      why: why ?? null,
    })),
  };
}

export function cardSections(item: CredentialItem, context: CardContext): readonly Section[] {
  const keyRows = keyRowsOf(item, context);
  switch (item.type) {
    case 'certificate':
      return certificateSections(item, keyRows);
    case 'certificate-request':
      return requestSections(item, keyRows);
    case 'crl':
      return revocationListSections(item, context.revocationLists.get(item.fingerprintSha256 ?? ''));
    case 'ssh-revocation-list':
      return keyRevocationListSections(item);
    case 'ssh-certificate':
      return sshCertificateSections(item, keyRows);
    case 'token':
      return tokenSections(item);
    case 'public-key':
    case 'private-key':
    case 'symmetric-key':
      return keySections(item, keyRows);
    case 'encrypted':
      return lockedSections(item);
    case 'container':
    case 'parameters':
    case 'unknown':
      return plainSections(item);
    default:
      return item.type satisfies never;
  }
}

function keyRowsOf(item: CredentialItem, { items }: CardContext): readonly Row[] {
  const { keyAlgorithm, keyBits, spkiSha256 } = item;
  const partners =
    spkiSha256 === null
      ? []
      : items.flatMap((other, card) =>
          other !== item && other.spkiSha256 === spkiSha256
            ? [shown(`${kindOf(other)}: ${nameOf(other)}`, 'text', { card })]
            : [],
        );
  return [
    ...row('Algorithm', keyAlgorithm),
    ...row('Size', keyBits === null ? null : `${keyBits} bits`),
    ...row('SHA-256 of the key', fingerprint(spkiSha256)),
    ...row('The same key here', ...partners),
    ...(item.private && partners.length === 0 && items.some(({ type }) => type === 'certificate')
      ? row(
          'The same key here',
          spkiSha256 === null ? 'cannot be told' : 'no certificate of this file has it',
        )
      : []),
  ];
}

export function kindOf(item: CredentialItem): string {
  switch (item.type) {
    case 'certificate':
      if (item.certificateAuthority !== true) return 'Certificate';
      return item.subject === item.issuer ? 'Root certificate' : 'CA certificate';
    case 'certificate-request':
      return 'Certificate request';
    case 'crl':
      return item.revocationList?.baseNumber === null || item.revocationList === null
        ? 'Revocation list'
        : 'Delta revocation list';
    case 'public-key':
      return 'Public key';
    case 'private-key':
      return 'Private key';
    case 'ssh-certificate':
      return item.ssh === null || item.ssh.kind === 'unknown'
        ? 'SSH certificate'
        : `SSH ${item.ssh.kind} certificate`;
    case 'ssh-revocation-list':
      return 'SSH revocation list';
    case 'symmetric-key':
      return 'Shared secret';
    case 'token':
      return 'Token';
    case 'encrypted':
      return 'Locked part';
    case 'container':
      return 'Container';
    case 'parameters':
      return 'Parameters';
    case 'unknown':
      return 'Not recognized';
    default:
      return item.type satisfies never;
  }
}

function nameOf(item: CredentialItem): string {
  const parts = item.type === 'crl' ? item.issuerParts : item.subjectParts;
  const named =
    shortName(parts) ??
    item.ssh?.keyId ??
    item.subjectAltNames[0]?.value ??
    item.label ??
    item.keyAlgorithm ??
    item.format;
  return named ?? '';
}

/** How nearly every file is written. */
const PLAIN_WRAPPINGS: ReadonlySet<string> = new Set(['PEM', 'DER']);
/** A damaged file has one for each part of it. */
const MOST_FINDINGS = 50;
/** Below a third of its life, and a month: time to do something. */
const SOON_MS = 30 * 86_400_000;

function statusOf(item: CredentialItem, now: Date): CardHead['status'] {
  switch (item.type) {
    case 'certificate':
    case 'ssh-certificate':
    case 'token':
      return lifeStatus(item, now);
    case 'crl':
      return listStatus(item, now);
    case 'private-key':
    case 'symmetric-key':
      return item.encrypted
        ? { text: 'Encrypted', tone: 'good' }
        : { text: 'Not encrypted', tone: 'attention' };
    case 'encrypted':
      return { text: 'Locked', tone: 'plain' };
    case 'certificate-request':
      return item.selfSignature === 'bad' ? { text: 'Signature does not fit', tone: 'bad' } : null;
    case 'public-key':
    case 'ssh-revocation-list':
    case 'container':
    case 'parameters':
    case 'unknown':
      return null;
    default:
      return item.type satisfies never;
  }
}

function lifeStatus({ notBefore, notAfter, type }: CredentialItem, now: Date): CardHead['status'] {
  if (notBefore !== null && Date.parse(notBefore) > now.getTime())
    return { text: `Not valid before ${formatInstant(notBefore)}`, tone: 'attention' };
  if (notAfter === null)
    return type === 'ssh-certificate' ? { text: 'Valid · no end', tone: 'attention' } : null;
  const left = Date.parse(notAfter) - now.getTime();
  if (left <= 0) return { text: capitalized(leftText(notAfter, now)), tone: 'bad' };
  const life = notBefore === null ? Number.POSITIVE_INFINITY : Date.parse(notAfter) - Date.parse(notBefore);
  const soon = left < SOON_MS && left < life / 3;
  return { text: `Valid · ${leftText(notAfter, now)}`, tone: soon ? 'attention' : 'good' };
}

function listStatus({ notAfter }: CredentialItem, now: Date): CardHead['status'] {
  if (notAfter === null) return null;
  return Date.parse(notAfter) < now.getTime()
    ? { text: 'Out of date', tone: 'attention' }
    : { text: `Up to date · next one due ${formatInstant(notAfter)}`, tone: 'good' };
}

function validityOf({ type, notBefore, notAfter }: CredentialItem, now: Date): ShownValidity | null {
  if (type === 'ssh-revocation-list' || notBefore === null || notAfter === null) return null;
  const [start, end] = [Date.parse(notBefore), Date.parse(notAfter)];
  if (!(end > start)) return null;
  return {
    from: formatInstant(notBefore),
    until: formatInstant(notAfter),
    elapsed: Math.min(1, Math.max(0, (now.getTime() - start) / (end - start))),
  };
}
