/** What a credential says of itself, in a few lines. Texts are its author's: plain text, and never Markdown. */
import type { CredentialItem } from '../core/credential/inspect/item.ts';

export type Line = readonly [label: string, value: string];

/** Names of one certificate that a hover has room for. */
const MOST_NAMES = 12;
/** Certificates above the leaf. */
const MOST_LINKS = 5;

/** Of the leaf: subject, names, usages, issuer, chain. Empty where nothing public of it is there. */
export async function certificateLines(
  name: string,
  publicText: string,
  now: Date,
): Promise<readonly Line[]> {
  if (publicText === '') return [];
  const { readCredentialBytes } = await import('../app/inspect/reading.ts');
  // By its name a reader knows what the text is: lines of OpenSSH are read in files of keys alone.
  const { items } = readCredentialBytes(`${name}.pub`, new TextEncoder().encode(publicText), { now });
  const [leaf, ...above] = items;
  if (leaf === undefined) return [];
  return [
    ...optional('Subject', leaf.subject),
    ...namesLine(leaf),
    ...optional('Usages', leaf.extendedKeyUsages.join(', ')),
    ...optional('Issuer', leaf.issuer ?? leaf.ssh?.signedBy),
    ...chainLine(above),
  ];
}

export function namesLine({ subjectAltNames, ssh }: CredentialItem): readonly Line[] {
  if (ssh !== null) return optional('Principals', cut(ssh.principals));
  return optional('Names', cut(subjectAltNames.map(({ value }) => value)));
}

export function chainLine(above: readonly CredentialItem[]): readonly Line[] {
  const links = above.slice(0, MOST_LINKS).flatMap(({ subject }) => subject ?? []);
  return optional('Chain', links.map((link) => `→ ${link}`).join(' '));
}

function cut(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return [...names.slice(0, MOST_NAMES), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

export function optional(label: string, value: string | null | undefined): readonly Line[] {
  return value === null || value === undefined || value === '' ? [] : [[label, value]];
}
