/** Whose one key is, by all places in which it was seen and by the record. */
import { type Bearer, type BearerDraft, claimed, drafted, isFull, type Purpose, take } from './bearer.ts';
import { hostBearers } from './hostBearers.ts';
import type { KeyClaim, KeyPlace } from './keyPlace.ts';

/** `isNamed`: the manifest of an identity names the file. */
export function bearersOf(
  places: readonly KeyPlace[],
  claims: readonly KeyClaim[],
  isNamed: IsNamed = () => false,
): readonly Bearer[] {
  const drafts = claims.map(claimed);
  const others = drafts.length === 0 ? places : withoutNamed(places, drafts, isNamed);
  certificateBearers(others, drafts);
  hostBearers(others, drafts);
  loginBearers(others, drafts);
  webKeyBearers(others, drafts);
  return drafts;
}

export type IsNamed = (place: KeyPlace, identity: KeyClaim['identity']) => boolean;

/** A request says other names than what is certified, as often as not: whose it is, its manifest says. */
function withoutNamed(
  places: readonly KeyPlace[],
  drafts: readonly BearerDraft[],
  isNamed: IsNamed,
): readonly KeyPlace[] {
  return places.filter((place) => {
    const owner = drafts.find(({ claim }) => claim !== undefined && isNamed(place, claim.identity));
    if (owner === undefined) return true;
    const { subject = '', fingerprintSha256 = subject, comment = subject, hosts = [], names = [] } = place;
    take(owner, place, [fingerprintSha256, comment, ...hosts, ...names]);
    return false;
  });
}

function isFor({ purpose }: BearerDraft, wanted: Purpose): boolean {
  return purpose === wanted || purpose === 'any';
}

/** Gives a place to whom it belongs, or to a new one. */
function assign(
  drafts: BearerDraft[],
  place: KeyPlace,
  made: BearerDraft,
  isSame: (draft: BearerDraft) => boolean,
): void {
  const mine = drafts.filter((draft) => isFor(draft, made.purpose as Purpose));
  const known = mine.find(isSame) ?? mine.find(({ isOpen }) => isOpen);
  if (known !== undefined) take(known, place, [...made.marks]);
  else drafts.push(made);
}

/** Of most there are copies, or others for the same names: each is looked up. */
function certificateBearers(places: readonly KeyPlace[], drafts: BearerDraft[]): void {
  const byMark = new Map<string, BearerDraft[]>();
  const note = (mark: string, draft: BearerDraft): void => {
    const others = byMark.get(mark);
    if (others === undefined) byMark.set(mark, [draft]);
    else if (!others.includes(draft)) others.push(draft);
  };
  for (const draft of drafts) if (isFor(draft, 'x509')) for (const mark of draft.marks) note(mark, draft);
  const certificates = places.filter(({ form }) => form === 'certificate');
  const requests = places.filter(({ form }) => form === 'certificate-request');
  for (const place of [...certificates, ...requests]) {
    if (isFull(drafts)) return;
    const { form, subject = '', names = [], fingerprintSha256 } = place;
    // A request may leave all names to who answers it.
    if (form === 'certificate-request' && subject === '' && names.length === 0) continue;
    const known =
      (fingerprintSha256 === undefined ? undefined : byMark.get(fingerprintSha256)?.[0]) ??
      byMark
        .get(subject)
        ?.find(({ claim, places: [first] }) => claim !== undefined || isSameSubject(place, first)) ??
      // What a request calls its subject is what a certificate has among its names, as often as not.
      (form === 'certificate' ? undefined : hostsOf(place).flatMap((host) => byMark.get(host) ?? [])[0]) ??
      drafts.find((draft) => draft.isOpen && isFor(draft, 'x509'));
    const kind = form === 'certificate' ? 'certificate' : 'request';
    const name = subject === '' ? (names[0] ?? 'without a name') : subject;
    const draft = known ?? drafted('x509', `the ${kind} ${name}`, [subject], place);
    if (known !== undefined) take(known, place, [subject]);
    else drafts.push(draft);
    note(subject, draft);
    if (fingerprintSha256 !== undefined) note(fingerprintSha256, draft);
    for (const host of hostsOf(place)) note(host, draft);
  }
}

/** Names that only whoever has the key goes by; the common name of a subject may be one of them. */
function hostsOf({ subject = '', names = [] }: KeyPlace): readonly string[] {
  const [, common] = /(?:^|,)CN=([^,+\\]+)/.exec(subject) ?? [];
  return common === undefined ? names : [...names, `dns:${common}`];
}

/** One got a name more than the other, or none. */
function isSameSubject(a: KeyPlace, b: KeyPlace | undefined): boolean {
  if (b === undefined || (a.subject ?? '') !== (b.subject ?? '')) return false;
  const [few = [], many = []] = [a.names ?? [], b.names ?? []].toSorted(
    (one, other) => one.length - other.length,
  );
  const all = new Set(many);
  return few.every((name) => all.has(name));
}

/** No comment of a key: it has a line end. */
const OWN_FILE = '\n.pub';

function isOwnFile({ form, role, file }: KeyPlace): boolean {
  return form === 'ssh-key' && role === undefined && file.endsWith('.pub');
}

/** Accepted in many places is what a key to log in with is for: it is told by its certificates and its own file alone. */
function loginBearers(places: readonly KeyPlace[], drafts: BearerDraft[]): void {
  const logins = places.filter(
    ({ form, role }) =>
      (form === 'ssh-certificate' || form === 'ssh-key') && (role === 'login' || role === undefined),
  );
  const own = logins.filter(isOwnFile);
  const certificates = logins.filter(({ form }) => form === 'ssh-certificate');
  for (const place of certificates) {
    if (isFull(drafts)) return;
    const principals = place.names ?? [];
    const made = drafted('ssh-login', `the SSH certificate for ${principals.join(', ')}`, principals, place);
    assign(
      drafts,
      place,
      made,
      ({ marks }) => principals.length === 0 || principals.some((name) => marks.has(name)),
    );
  }
  for (const place of own) {
    if (isFull(drafts)) return;
    const { comment = '' } = place;
    const mine = drafts.filter(({ purpose }) => purpose !== 'x509' && purpose !== 'jwk');
    // The file beside a certificate or a host's lines is theirs; one of another name is that of somebody else.
    const known =
      mine.find(({ marks }) => comment === '' || marks.has(comment)) ??
      mine.find(({ marks }) => !marks.has(OWN_FILE));
    const name = `the SSH key ${comment === '' ? place.file : comment}`;
    if (known !== undefined) take(known, place, [comment, OWN_FILE]);
    else drafts.push(drafted('ssh-login', name, [comment, OWN_FILE], place));
  }
  const isHost = drafts.some(({ purpose }) => purpose === 'ssh-host');
  for (const place of logins) {
    if (isFull(drafts)) return;
    // A line that says nothing of its use may be that of a host.
    if (place.form === 'ssh-certificate' || isOwnFile(place) || (place.role === undefined && isHost))
      continue;
    const name = place.comment === undefined ? 'an SSH key to log in with' : `the SSH key ${place.comment}`;
    assign(drafts, place, drafted('ssh-login', name, [], place), () => true);
  }
}

function webKeyBearers(places: readonly KeyPlace[], drafts: BearerDraft[]): void {
  const certified = certifiedBearers(drafts);
  for (const place of places) {
    if (isFull(drafts)) return;
    if (place.form !== 'jwk') continue;
    const { subject = '' } = place;
    // In its `x5c`, or under its name.
    const known =
      certified.get(startOf(place)) ??
      (subject === '' ? undefined : (certified.get(subject) ?? certified.get(`CN=${subject}`)));
    if (known !== undefined) {
      take(known, place, []);
      continue;
    }
    const name = subject === '' ? 'a JSON Web Key without a plain kid' : `the JSON Web Key "${subject}"`;
    assign(drafts, place, drafted('jwk', name, [subject], place), ({ marks }) => marks.has(subject));
  }
}

/** By where their certificates stand, and by subject. */
function certifiedBearers(drafts: readonly BearerDraft[]): ReadonlyMap<string, BearerDraft> {
  const certified = new Map<string, BearerDraft>();
  for (const draft of drafts)
    for (const place of draft.places)
      if (place.form === 'certificate')
        for (const mark of [startOf(place), place.subject ?? '']) certified.set(mark, draft);
  return certified;
}

function startOf({ file, range: { start } }: KeyPlace): string {
  return `${file}:${start.line}:${start.character}`;
}
