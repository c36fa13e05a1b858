import type { Location } from '../../core/finding.ts';
import { formatIdentity, type IdentityId } from '../../core/identity/identityId.ts';
import type { CredentialFacts } from '../../core/lifecycle/event.ts';
import { type Generation, isAccepted, isLive } from '../../core/lifecycle/record.ts';
import type { ProjectRecords } from '../projectRecords.ts';
import type { Workspace } from '../workspace.ts';

/** An identity that has, or had, this key. */
export interface KeyHolder {
  readonly identity: IdentityId;
  /** Null: no machine is named, or one key serves all. */
  readonly machine: string | null;
  /** `superseded`: it was replaced, and whoever has the key is accepted with the old credential still. */
  readonly standing: 'inUse' | 'superseded' | 'former';
  /** End of that credential, ISO 8601. */
  readonly notAfter: string;
  readonly owner: string | null;
  /** Who breaks with it, and where it is borne where one key serves all: as its manifest says. */
  readonly consumers: readonly string[];
  readonly machines: readonly string[];
  /** Project files that it was delivered to, and that no newer one took the place of. */
  readonly copies: readonly string[];
  /** In the project; null: no manifest declares it any more. */
  readonly declaredAt: Location | null;
  /** All that was issued for it with this key. */
  readonly credentials: readonly CredentialFacts[];
}

const RANK: Readonly<Record<KeyHolder['standing'], number>> = { inUse: 0, superseded: 1, former: 2 };

function standingOf(generation: Generation, now: Date): KeyHolder['standing'] {
  if (!isAccepted(generation, now)) return 'former';
  return isLive(generation) ? 'inUse' : 'superseded';
}

/** Which of a backend's targets a file of the project is. */
const FILE = 'file';

/** By the hex SHA-256 of the SubjectPublicKeyInfo: all keys that the record tells of, former ones too. In use first. */
export function keyHolders(
  workspace: Workspace,
  { recorded, recordsFor }: ProjectRecords,
  now: Date,
): ReadonlyMap<string, readonly KeyHolder[]> {
  const index = workspace.index();
  const records = recordsFor(index);
  const holders = new Map<string, KeyHolder[]>();
  const names = new Map(
    [...index.identities().map(({ id }) => id), ...recorded].map((id) => [formatIdentity(id), id]),
  );
  for (const [key, identity] of names) {
    const declared = index.get(identity);
    const spec = declared?.usable === true ? declared.spec : undefined;
    const owner = spec === undefined ? undefined : ownerOf(spec);
    const [consumers, machines] = [textsOf(spec, 'consumers'), textsOf(spec, 'machines')];
    for (const generation of records.get(key)?.generations ?? []) {
      const { spkiSha256 } = generation.credential;
      if (spkiSha256 === undefined || generation.forgotten) continue;
      const holder: KeyHolder = {
        identity,
        machine: generation.machine,
        standing: standingOf(generation, now),
        notAfter: generation.credential.notAfter,
        owner: owner ?? index.project()?.spec.defaults?.owner?.team ?? null,
        consumers,
        machines: generation.machine === null ? machines : [generation.machine],
        copies: generation.copies.filter(({ as }) => as === FILE).map((copy) => copy.path),
        credentials: [generation.credential],
        declaredAt:
          declared === undefined
            ? null
            : { file: declared.file, range: declared.locate(['metadata', 'name'], 'value') },
      };
      const others = holders.get(spkiSha256) ?? [];
      // One identity is told of once for a machine, whatever was issued for the key.
      const same = others.findIndex(
        (each) => formatIdentity(each.identity) === key && each.machine === holder.machine,
      );
      const before = others[same];
      if (before === undefined) others.push(holder);
      else {
        const newer = RANK[holder.standing] <= RANK[before.standing] ? holder : before;
        others[same] = { ...newer, credentials: [...before.credentials, generation.credential] };
      }
      holders.set(spkiSha256, others);
    }
  }
  for (const some of holders.values()) some.sort((a, b) => RANK[a.standing] - RANK[b.standing]);
  return holders;
}

function ownerOf(spec: unknown): string | undefined {
  const { owner } = spec as { readonly owner?: { readonly team?: unknown } };
  return typeof owner?.team === 'string' ? owner.team : undefined;
}

function textsOf(spec: unknown, field: 'consumers' | 'machines'): readonly string[] {
  const list = (spec as Readonly<Record<string, unknown>> | undefined)?.[field];
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
