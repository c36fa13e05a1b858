import path from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { sameIdentity } from '../../core/identity/identityId.ts';
import { type KeyPack, placesOf } from '../../core/keys/keyPack.ts';
import type { KeyPlace } from '../../core/keys/sharing/keyPlace.ts';
import { sharingFindings } from '../../core/keys/sharing/sharingFindings.ts';
import { isBelow } from '../../core/text/relativePath.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { STATE_FOLDER } from '../workspaceFiles.ts';
import type { KeyKnowledge } from './keyKnowledge.ts';

export interface KeyScan {
  readonly keys: readonly KeyPack[];
  /** What the files of the keys are relative to. */
  readonly scanned: string;
  /** False: they are what git has, where a file that was moved stands twice. */
  readonly onDisk: boolean;
  /** What backends told of the keys; files are those of the project. */
  readonly asked?: readonly KeyPlace[];
}

interface SharingSearch {
  readonly project: string;
  readonly knowledge: KeyKnowledge;
  readonly now: Date;
}

/** All places of keys that count, what backends told among them. */
export function placesThatCount(from: KeyScan, project: string): KeyScan {
  // What the record holds is told by the record itself.
  const own = slashed(path.relative(from.scanned, path.join(project, STATE_FOLDER)));
  const asked = (from.asked ?? []).map((place) => ({
    ...place,
    file: slashed(path.relative(from.scanned, path.join(project, place.file))),
  }));
  return { ...from, keys: from.keys.filter(({ file }) => !isBelow(file, own)), asked };
}

/** Keys of the scan and of the record that are shared. */
export function sharedKeysOf(from: KeyScan, { project, knowledge, now }: SharingSearch): readonly Finding[] {
  const { scanned } = from;
  const { holders, naming, policiesOn } = knowledge;
  const inProject = (file: string): string => slashed(path.relative(project, path.join(scanned, file)));
  const claims = acceptedHolders(holders);
  const findings = sharingFindings({
    places: placesOfSeveral(from, claims),
    claims,
    isDelivered: ({ file, spkiSha256 }) =>
      holders.get(spkiSha256)?.some(({ copies }) => copies.includes(inProject(file))) ?? false,
    isNamed: ({ file }, identity) =>
      naming(inProject(file)).some((each) => sameIdentity(each.identity, identity)),
    policiesOn,
    now,
    inProject,
    fromProject: (file) => slashed(path.relative(scanned, path.join(project, file))),
  });
  if (findings.length === 0) return findings;
  const named = findings.map((finding) => ({ ...finding, file: inProject(finding.file) }));
  const left = new Set(knowledge.withoutIgnored(named));
  return findings.filter((_, place) => left.has(named[place] as Finding));
}

/** Of keys that stand in several places, or whose the record knows: with one place alone there is nothing to share. */
export function placesOfSeveral(
  { keys, asked = [], onDisk }: KeyScan,
  claims: ReadonlyMap<string, unknown>,
): readonly KeyPlace[] {
  const counts = new Map<string, number>();
  const count = (spkiSha256: string): void => void counts.set(spkiSha256, (counts.get(spkiSha256) ?? 0) + 1);
  for (const { hashes } of keys) for (const each of hashes) count(each);
  for (const { spkiSha256 } of asked) count(spkiSha256);
  const isAsked = (spkiSha256: string): boolean =>
    claims.has(spkiSha256) || (counts.get(spkiSha256) ?? 0) > 1;
  return [...placesOf(keys, isAsked, nodeHasher), ...asked].filter(
    ({ form }) => onDisk || form !== 'private-key',
  );
}

/** What nobody accepts any more is no use of the key. */
function acceptedHolders(holders: KeyKnowledge['holders']): KeyKnowledge['holders'] {
  return new Map(
    Array.from(holders, ([key, all]) => [key, all.filter(({ standing }) => standing !== 'former')] as const),
  );
}

function slashed(file: string): string {
  return file.replaceAll(path.sep, '/');
}
