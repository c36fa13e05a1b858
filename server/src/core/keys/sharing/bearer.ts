import { formatIdentity } from '../../identity/identityId.ts';
import type { KeyClaim, KeyPlace } from './keyPlace.ts';
import { shortText } from './shortText.ts';

/** What a key is for. One that serves several of them is shared as well. */
export type Purpose = 'x509' | 'ssh-host' | 'ssh-login' | 'jwk';

/** Somebody, or something, whose key it is. */
export interface Bearer {
  /** `Certificate/default/web on web-1`, `the certificate CN=web`. */
  readonly name: string;
  readonly purpose: Purpose | 'any';
  readonly claim?: KeyClaim;
  readonly places: readonly KeyPlace[];
}

/** While the places of one key are looked at. */
export interface BearerDraft extends Bearer {
  readonly places: KeyPlace[];
  /** What it is told by: subjects, names of hosts, principals. */
  readonly marks: Set<string>;
  /** Nothing is known yet that would tell it from another one of its purpose. */
  isOpen: boolean;
}

/** A key of so many is shared, whoever else has it: no more are looked for. */
export const MOST_BEARERS = 100;

export function isFull(drafts: readonly BearerDraft[]): boolean {
  return drafts.length >= MOST_BEARERS;
}

const PURPOSES: Readonly<Record<string, Purpose>> = {
  Certificate: 'x509',
  SshCertificate: 'ssh-login',
  SshKey: 'ssh-login',
};

export function claimed(claim: KeyClaim): BearerDraft {
  const { identity, machine, credentials } = claim;
  const purpose = PURPOSES[identity.kind] ?? 'any';
  return {
    name: `${formatIdentity(identity)}${machine === null ? '' : ` on ${machine}`}`,
    purpose,
    claim,
    places: [],
    marks: new Set(credentials.flatMap(({ subject, fingerprintSha256 }) => [subject, fingerprintSha256])),
    isOpen: purpose !== 'x509',
  };
}

export function drafted(
  purpose: Purpose,
  name: string,
  marks: readonly string[],
  place: KeyPlace,
): BearerDraft {
  return { name: shortText(name), purpose, places: [place], marks: new Set(marks), isOpen: false };
}

export function take(draft: BearerDraft, place: KeyPlace, marks: readonly string[]): void {
  draft.places.push(place);
  draft.isOpen = false;
  for (const mark of marks) draft.marks.add(mark);
}
