/** A path of certificates as a person reads it: root first. */
import { leftText } from '../../identity/expiry.ts';
import { sentence } from '../../text/sentence.ts';
import type { DecodedCertificate } from '../certificate.ts';
import type { BuiltPath, Origin, PathLink } from '../inspect/certificatePaths.ts';
import type { CredentialItem } from '../inspect/item.ts';
import { shortName } from './names.ts';
import { shown, type Tone } from './shown.ts';

export interface ShownLink {
  /** `Root`, `Intermediate`, `Leaf`, `Not here`. */
  readonly role: string;
  readonly name: string;
  /** Where it was found, how long it counts. */
  readonly detail: string;
  readonly tone: Tone;
  /** Why the path does not hold here. */
  readonly problem: string | null;
  readonly note: string | null;
  /** Its place in the file; null: it came from elsewhere. */
  readonly card: number | null;
}

export interface ShownPath {
  readonly verdict: string;
  readonly tone: Tone;
  /** Root first. */
  readonly links: readonly ShownLink[];
}

export function shownPath(path: BuiltPath, items: readonly CredentialItem[], now: Date): ShownPath {
  const links = path.links.map((link, place) => shownLink(link, roleOf(path, place), items, now));
  const top = path.links.at(-1)?.certificate;
  if (path.end === 'missing' && top !== undefined) links.push(missing(top));
  return { ...verdictOf(path), links: links.reverse() };
}

function shownLink(
  { certificate, origin, problem, note }: PathLink,
  role: string,
  items: readonly CredentialItem[],
  now: Date,
): ShownLink {
  const card = items.findIndex(
    ({ type, fingerprintSha256 }) =>
      type === 'certificate' && fingerprintSha256 === certificate.fingerprintSha256,
  );
  const { notAfter } = certificate;
  return {
    role,
    name: shown(displayName(certificate)).text,
    detail: [originText(origin), notAfter === undefined ? '' : leftText(notAfter, now)]
      .filter((part) => part !== '')
      .join(' · '),
    tone: problem === undefined ? (note === undefined ? 'good' : 'attention') : 'bad',
    problem: problem === undefined ? null : sentence(shown(problem).text),
    note: note === undefined ? null : sentence(note),
    card: card < 0 ? null : card,
  };
}

function missing({ issuer, issuerParts }: DecodedCertificate): ShownLink {
  return {
    role: 'Not here',
    name: shown(shortName(issuerParts) ?? issuer ?? '').text,
    detail: 'neither in this file nor known to the project',
    tone: 'attention',
    problem: null,
    note: null,
    card: null,
  };
}

function displayName({ subjectParts, subject, facts }: DecodedCertificate): string {
  return shortName(subjectParts) ?? facts.subjectAltNames?.[0]?.value ?? subject ?? '';
}

function roleOf({ links, end }: BuiltPath, place: number): string {
  if (place === links.length - 1 && (end === 'anchor' || end === 'root'))
    return links[place]?.certificate.selfIssued === true ? (place === 0 ? 'Self-signed' : 'Root') : 'Anchor';
  return place === 0 ? 'Leaf' : 'Intermediate';
}

function originText(origin: Origin): string {
  switch (origin.where) {
    case 'file':
      return '';
    case 'bundle':
    case 'project':
      return `from ${origin.name}`;
    default:
      return origin satisfies never;
  }
}

function verdictOf({ links, end }: BuiltPath): { readonly verdict: string; readonly tone: Tone } {
  const wrong = links.find(({ problem }) => problem !== undefined);
  if (wrong !== undefined) {
    const name = shown(displayName(wrong.certificate)).text;
    return {
      verdict: `The chain ${end === 'broken' ? 'is broken' : 'does not hold'} at ${name}`,
      tone: 'bad',
    };
  }
  const last = links.at(-1);
  switch (end) {
    case 'anchor':
      return {
        verdict:
          last?.origin.where === 'bundle'
            ? `Leads to a trust anchor of this project (${last.origin.name})`
            : 'Leads to a trust anchor of this project',
        tone: 'good',
      };
    case 'root':
      return links.length === 1
        ? { verdict: 'Signed by itself: nobody else vouches for it', tone: 'attention' }
        : {
            verdict: 'Complete up to its root; whether that root is trusted is not known here',
            tone: 'plain',
          };
    case 'missing':
      return { verdict: 'Not complete: who issued the topmost one is not here', tone: 'attention' };
    case 'broken':
    case 'too-long':
      return { verdict: 'Longer than is followed here', tone: 'attention' };
    default:
      return end satisfies never;
  }
}
