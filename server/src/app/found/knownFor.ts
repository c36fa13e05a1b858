import { setImmediate } from 'node:timers/promises';
import type { FoundGroup } from '../../core/found/foundItem.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { fillMachine } from '../../core/lifecycle/credentialRequest.ts';
import type { IdentityRecord } from '../../core/lifecycle/record.ts';
import { SLICE_MS } from '../workspaceFiles.ts';

/** What the project knows of credentials by what they are, and of files by their names. */
export interface Knowledge {
  /** The identity that is declared and recorded with this credential, or whose manifest names one of its files. */
  of(
    group: Pick<FoundGroup, 'id' | 'kind' | 'spkiSha256' | 'fingerprintSha256' | 'files'>,
  ): string | undefined;
  /** Backends and trust bundles whose manifests name the file. */
  readonly namedBy: ReadonlyMap<string, readonly string[]>;
}

/** With more identities than this only the record tells which of them has a file: to read all their manifests takes too long. */
const MOST_READ = 5000;

/** `files`: those that were found; names of others are of no interest. Gives way while it works. */
export async function knowledgeOf(
  index: ProjectIndex,
  records: ReadonlyMap<string, IdentityRecord>,
  files: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Knowledge> {
  const byFingerprint = new Map<string, string>();
  const byKey = new Map<string, string>();
  let turn = performance.now();
  const giveWay = async (): Promise<void> => {
    if (performance.now() - turn < SLICE_MS) return;
    await setImmediate();
    signal.throwIfAborted();
    turn = performance.now();
  };
  for (const { key } of records.size === 0 ? [] : index.identities()) {
    for (const { credential } of records.get(key)?.generations ?? []) {
      byFingerprint.set(credential.fingerprintSha256, key);
      if (credential.spkiSha256 !== undefined) byKey.set(credential.spkiSha256, key);
    }
    await giveWay();
  }
  const namedBy = new Map<string, string[]>();
  const read =
    index.identities().length > MOST_READ ? [...index.backends(), ...index.trustBundles()] : index.resources;
  for (const resource of files.size === 0 ? [] : read) {
    const { spec } = resource;
    const machines = textsIn(spec, 'machines');
    for (const text of textsIn(spec)) {
      const paths = text.includes('{machine}') ? machines.map((name) => fillMachine(text, name)) : [text];
      for (const path of paths) {
        if (!files.has(path)) continue;
        const others = namedBy.get(path);
        if (others === undefined) namedBy.set(path, [resource.key]);
        else if (!others.includes(resource.key)) others.push(resource.key);
      }
    }
    await giveWay();
  }
  return {
    namedBy,
    of: ({ fingerprintSha256, spkiSha256, kind, files: own }) => {
      const recorded = byFingerprint.get(fingerprintSha256 ?? '');
      if (recorded !== undefined) return recorded;
      // Another certificate for a known key is another credential; a bare key is that key.
      const ofKey =
        kind === 'certificate' || kind === 'ssh-certificate' ? undefined : byKey.get(spkiSha256 ?? '');
      return ofKey ?? own.flatMap(({ file }) => namedBy.get(file) ?? [])[0];
    },
  };
}

const DEEPEST = 12;

/** Every text in a value; with `field`, only what stands below fields of that name. */
function textsIn(value: unknown, field?: string, depth = 0): readonly string[] {
  if (typeof value === 'string') return field === undefined ? [value] : [];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    textsIn(member, name === field ? undefined : field, depth + 1),
  );
}
