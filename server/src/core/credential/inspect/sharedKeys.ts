import type { Finding } from '../../finding.ts';
import type { KeyForm } from '../../keys/keySighting.ts';
import type { KeyPlace } from '../../keys/sharing/keyPlace.ts';
import { placesByKey, type SharedKey as Sharing, sharedKeys } from '../../keys/sharing/sharedKeys.ts';
import { shortText } from '../../keys/sharing/shortText.ts';
import { keyShared } from '../findings/keyShared.ts';
import type { CredentialItem } from './item.ts';

export interface SharedKey {
  readonly spkiSha256: string;
  /** Files that hold this key, in whatever form; two or more. */
  readonly files: readonly string[];
}

/**
 * Keys that stand in several files. A certificate with its key and its request beside it is no matter; it is a finding
 * where one key serves several, or where its private half stands in two files.
 */
export function findSharedKeys(items: readonly CredentialItem[]): {
  readonly items: readonly CredentialItem[];
  readonly shared: readonly SharedKey[];
} {
  const itemOf = new Map(
    items.flatMap((item) => {
      const place = placeOf(item);
      return place === undefined ? [] : [[place, item] as const];
    }),
  );
  const places = [...itemOf.keys()];
  const shared: SharedKey[] = [];
  for (const [spkiSha256, holders] of placesByKey(places, [])) {
    const files = [...new Set(holders.map(({ file }) => file))];
    if (files.length > 1) shared.push({ spkiSha256, files });
  }
  const added = new Map<CredentialItem, Finding>();
  for (const sharing of sharedKeys({ places }))
    for (const [place, others] of placesWithOthers(sharing)) {
      const item = itemOf.get(place);
      if (item !== undefined && !added.has(item)) added.set(item, findingOn(item, others));
    }
  return {
    shared,
    items: items.map((item) => {
      const own = added.get(item);
      return own === undefined ? item : { ...item, findings: [...item.findings, own] };
    }),
  };
}

function placeOf(item: CredentialItem): KeyPlace | undefined {
  const form = formOf(item);
  if (item.spkiSha256 === null || form === undefined) return undefined;
  const { file, range, spkiSha256, subject, subjectAltNames, fingerprintSha256, notBefore, notAfter, hosts } =
    item;
  return {
    file,
    range,
    spkiSha256,
    form,
    what: WORDS[form],
    algorithm: item.keyAlgorithm ?? 'unknown',
    names: item.ssh?.principals ?? subjectAltNames.map(({ kind, value }) => `${kind}:${value}`),
    ...(form === 'jwk' ? labelled(item) : subject === null ? {} : { subject }),
    ...(fingerprintSha256 === null ? {} : { fingerprintSha256 }),
    ...(notBefore === null ? {} : { notBefore }),
    ...(notAfter === null ? {} : { notAfter }),
    ...(item.certificateAuthority === true ? { isAuthority: true } : {}),
    ...(form === 'ssh-key' && item.label !== null ? { comment: item.label } : {}),
    ...roleOf(item, hosts),
  };
}

const WORDS: Readonly<Record<KeyForm, string>> = {
  certificate: 'another certificate',
  'certificate-request': 'a certificate request',
  'public-key': 'a public key',
  'private-key': 'a private key',
  'ssh-key': 'an SSH key',
  'ssh-certificate': 'an SSH certificate',
  jwk: 'a JSON Web Key',
};

function formOf({ type, format }: CredentialItem): KeyForm | undefined {
  switch (type) {
    case 'certificate':
    case 'certificate-request':
    case 'private-key':
    case 'ssh-certificate':
      return type;
    case 'public-key':
      return format === 'OpenSSH' || format === 'SSH2' ? 'ssh-key' : format === 'JWK' ? 'jwk' : type;
    default:
      return undefined;
  }
}

function labelled({ label }: CredentialItem): { readonly subject?: string } {
  return label === null ? {} : { subject: label };
}

function roleOf({ ssh }: CredentialItem, hosts: string | null): Pick<KeyPlace, 'role' | 'hosts'> {
  if (hosts !== null && !hosts.startsWith('@')) return { role: 'host', hosts: hosts.split(',') };
  if (hosts !== null) return { role: hosts.startsWith('@revoked') ? 'revoked' : 'authority' };
  return ssh?.kind === 'host' ? { role: 'host' } : ssh?.kind === 'user' ? { role: 'login' } : {};
}

const MAX_RELATED = 10;

interface Others {
  /** The first of them. */
  readonly places: readonly KeyPlace[];
  readonly count: number;
}

/** Each place of a shared key, with those that it is shared with. */
function* placesWithOthers({ bearers, copies }: Sharing): Generator<readonly [KeyPlace, Others]> {
  const firsts = bearers.flatMap(({ places: [first] }) => first ?? []);
  for (const { places } of bearers.length > 1 ? bearers : [])
    for (const place of places) yield [place, without(firsts, places[0])];
  for (const place of copies) yield [place, without(copies, place)];
}

function without(all: readonly KeyPlace[], own: KeyPlace | undefined): Others {
  const places = all.slice(0, MAX_RELATED + 1).filter((place) => place !== own);
  return { places: places.slice(0, MAX_RELATED), count: all.length - 1 };
}

function findingOn(item: CredentialItem, { places, count }: Others): Finding {
  const [first] = places;
  const where = first?.file === item.file ? 'in this file' : `in ${first?.file}`;
  const more = count > 1 ? ` and ${count - 1} more` : '';
  return {
    rule: keyShared.id,
    severity: keyShared.severity,
    message:
      first?.form === 'private-key'
        ? `the same private key stands ${where}${more} as well`
        : `${first?.what} ${where}${more} has the same key`,
    why: keyShared.why,
    file: item.file,
    range: item.range,
    related: places.map(({ file, range, subject }) => ({
      file,
      range,
      message: `the same key${subject === undefined ? '' : ` for ${shortText(subject)}`}`,
    })),
    fixes: [],
  };
}
