import type { Location } from '../../core/finding.ts';
import { formatIdentity, type IdentityId } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { CredentialFacts } from '../../core/lifecycle/event.ts';
import { type Generation, isAccepted, isLive } from '../../core/lifecycle/record.ts';
import { defaultsFor } from '../../core/policy/defaults.ts';
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
  for (const [name, identity] of names) {
    const declared = lazily(() => declaredOf(index, identity));
    for (const same of sameKeyAndMachine(records.get(name)?.generations ?? [])) {
      const spkiSha256 = same[0]?.credential.spkiSha256;
      if (spkiSha256 === undefined) continue;
      const others = holders.get(spkiSha256) ?? [];
      others.push(holderOf(identity, same, declared, now));
      holders.set(spkiSha256, others);
    }
  }
  for (const some of holders.values()) some.sort((a, b) => RANK[a.standing] - RANK[b.standing]);
  return holders;
}

/** One identity is told of once for a machine, whatever was issued for the key. */
function sameKeyAndMachine(generations: readonly Generation[]): Iterable<readonly Generation[]> {
  const groups = new Map<string, Generation[]>();
  for (const generation of generations) {
    const { spkiSha256 } = generation.credential;
    if (spkiSha256 === undefined || generation.forgotten) continue;
    const key = `${spkiSha256} ${generation.machine ?? ''}`;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [generation]);
    else same.push(generation);
  }
  return groups.values();
}

type Declared = Pick<KeyHolder, 'owner' | 'consumers' | 'machines' | 'declaredAt'>;

/** What its manifest says is read where somebody asks: of most keys nobody does. */
function holderOf(
  identity: IdentityId,
  generations: readonly Generation[],
  declared: () => Declared,
  now: Date,
): KeyHolder {
  const ranked = generations.map((generation) => ({ generation, standing: standingOf(generation, now) }));
  const { generation, standing } = ranked.reduce((best, each) =>
    RANK[each.standing] <= RANK[best.standing] ? each : best,
  );
  const { machine, credential, copies } = generation;
  return {
    identity,
    machine,
    standing,
    notAfter: credential.notAfter,
    copies: copies.filter(({ as }) => as === FILE).map((copy) => copy.path),
    credentials: generations.map((each) => each.credential),
    get owner() {
      return declared().owner;
    },
    get consumers() {
      return declared().consumers;
    },
    get machines() {
      return machine === null ? declared().machines : [machine];
    },
    get declaredAt() {
      return declared().declaredAt;
    },
  };
}

function declaredOf(index: ProjectIndex, identity: IdentityId): Declared {
  const resource = index.get(identity);
  const spec = resource?.usable === true ? resource.spec : undefined;
  const owner = spec === undefined ? undefined : ownerOf(spec);
  const inherited =
    resource === undefined
      ? index.project()?.spec.defaults?.owner
      : defaultsFor(resource, index).values.owner;
  return {
    owner: owner ?? inherited?.team ?? null,
    consumers: textsOf(spec, 'consumers'),
    machines: textsOf(spec, 'machines'),
    declaredAt:
      resource === undefined
        ? null
        : { file: resource.file, range: resource.locate(['metadata', 'name'], 'value') },
  };
}

function lazily<T>(read: () => T): () => T {
  let value: { readonly read: T } | undefined;
  return () => {
    value ??= { read: read() };
    return value.read;
  };
}

function ownerOf(spec: unknown): string | undefined {
  const { owner } = spec as { readonly owner?: { readonly team?: unknown } };
  return typeof owner?.team === 'string' ? owner.team : undefined;
}

function textsOf(spec: unknown, field: 'consumers' | 'machines'): readonly string[] {
  const list = (spec as Readonly<Record<string, unknown>> | undefined)?.[field];
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
