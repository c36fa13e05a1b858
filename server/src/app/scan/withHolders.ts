import path from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { KeyPlace } from '../../core/keys/sharing/keyPlace.ts';
import { ENCRYPTED_PRIVATE_KEY } from '../../core/secrets/privateKeyRules.ts';
import { formatDay } from '../../core/text/instant.ts';
import type { FileStanding } from '../../platform/git/standingOfFiles.ts';
import { relativeTo } from '../projectRoot.ts';
import type { KeyHolder } from './keyHolders.ts';
import type { KeyKnowledge } from './keyKnowledge.ts';
import {
  type KeyUses,
  type NamingIdentity,
  relatedUses,
  type UsesOfKeys,
  usesOfKeys,
  usesText,
} from './keyUses.ts';
import { type ScannedFinding, withSaid } from './openScanner.ts';

/** Others are counted. */
const NAMED = 3;
const MOST_RELATED = 10;

/** What git says of files; `none`: there is no git. */
export type StandingOfFiles = 'none' | ReadonlyMap<string, FileStanding>;

export interface HolderSearch {
  readonly knowledge: KeyKnowledge;
  /** Other places that have a key, by the hex SHA-256 of its SubjectPublicKeyInfo; files are relative to `scanned`. */
  readonly places: ReadonlyMap<string, readonly KeyPlace[]>;
  readonly now: Date;
  /** What the findings' files are relative to. */
  readonly scanned: string;
  readonly project: string;
  /** Asked of project files that keys are delivered to. Absent where git was asked for contents, not the disk. */
  readonly standingOf?: (files: readonly string[]) => Promise<StandingOfFiles>;
}

/**
 * Findings on keys of identities name them, and what to do there and then. A key in use is an error, encrypted or not. A key
 * that stands where it was delivered, and that git ignores, is where it should be.
 */
export async function withHolders(
  findings: readonly ScannedFinding[],
  search: HolderSearch,
): Promise<readonly Finding[]> {
  const inProject = (file: string): string => relative(search.project, search.scanned, file);
  const holdersOf = ({ spkiSha256 }: ScannedFinding): readonly KeyHolder[] =>
    spkiSha256 === undefined ? [] : (search.knowledge.holders.get(spkiSha256) ?? []);
  const delivererOf = (each: ScannedFinding): KeyHolder | undefined =>
    holdersOf(each).find(({ copies }) => copies.includes(inProject(each.finding.file)));
  const delivered = findings
    .filter((each) => delivererOf(each) !== undefined)
    .map(({ finding }) => inProject(finding.file));
  const standing = delivered.length === 0 ? undefined : await search.standingOf?.(delivered);
  const isSafe = (file: string): boolean =>
    standing === 'none' || standing?.get(inProject(file)) === 'ignored';
  const uses = usesOfKeys(search.places, search.now, MOST_RELATED);
  const named = namedByKeys(uses, search);
  return findings.map((each) => {
    const [first, ...others] = holdersOf(each);
    if (first === undefined) return tiedFinding(each, uses.of(each), named, search);
    const deliverer = delivererOf(each);
    return deliverer !== undefined && isSafe(each.finding.file)
      ? deliveredFinding(each, deliverer, standing)
      : heldFinding(each, [first, ...others], uses.of(each), search);
  });
}

function deliveredFinding(
  { finding, said }: ScannedFinding,
  { identity }: KeyHolder,
  standing: StandingOfFiles | undefined,
): Finding {
  const safe = standing === 'none' ? 'no git is there to take it' : 'git ignores it';
  return {
    ...finding,
    severity: 'info',
    message: `${said} as ${formatIdentity(identity)} delivers it, and ${safe}`,
    identity,
  };
}

function heldFinding(
  { finding, said }: ScannedFinding,
  holders: readonly [KeyHolder, ...KeyHolder[]],
  uses: KeyUses,
  { scanned, project }: HolderSearch,
): Finding {
  const [first] = holders;
  return {
    ...finding,
    severity:
      finding.rule === ENCRYPTED_PRIVATE_KEY.id && first.standing === 'inUse' ? 'error' : finding.severity,
    message: `${said}; it is the key of ${holdersText(holders)}; ${remedyFor(first)}`,
    identity: first.identity,
    related: [
      ...holders.flatMap(({ declaredAt }) =>
        declaredAt === null
          ? []
          : [
              {
                ...declaredAt,
                file: relative(scanned, project, declaredAt.file),
                message: 'the identity that has this key',
              },
            ],
      ),
      ...relatedUses(uses),
    ].slice(0, MOST_RELATED),
    ...actsFor(first),
  };
}

/** A token or a password in a file that a manifest names is that identity's; one that several have is nobody's own. */
function namedFinding(each: ScannedFinding, { scanned, project, knowledge }: HolderSearch): Finding {
  const { finding, said, sameIn = [] } = each;
  const namedIn = (file: string): readonly NamingIdentity[] =>
    knowledge.naming(relative(project, scanned, file));
  const all = [finding.file, ...sameIn].flatMap(namedIn);
  const names = [...new Set(all.map(({ identity }) => formatIdentity(identity)))];
  const identity = namedIn(finding.file)[0]?.identity ?? (names.length > 1 ? all[0]?.identity : undefined);
  if (identity === undefined) return finding;
  if (names.length < 2) return { ...finding, identity };
  const others = all.map(({ file, range, message }) => ({
    file: relative(scanned, project, file),
    range,
    message,
  }));
  return {
    ...finding,
    identity,
    message: withSaid(`${said}, under the names of ${listed(names)}`, each).finding.message,
    related: [...finding.related, ...others].slice(0, MOST_RELATED),
  };
}

/** Identities whose manifests name a file that has the key; those of one key are looked up once. */
function namedByKeys(
  uses: UsesOfKeys,
  { scanned, project, knowledge }: HolderSearch,
): (spkiSha256: string) => readonly NamingIdentity[] {
  const known = new Map<string, readonly NamingIdentity[]>();
  return (spkiSha256) => {
    const before = known.get(spkiSha256);
    if (before !== undefined) return before;
    const named = uses
      .filesOf(spkiSha256)
      .flatMap((file) => knowledge.naming(relative(project, scanned, file)));
    known.set(spkiSha256, named);
    return named;
  };
}

/** No record tells of the key: what stands elsewhere, and what names a file that it stands in, says whose it is. */
function tiedFinding(
  each: ScannedFinding,
  uses: KeyUses,
  namedOf: (spkiSha256: string) => readonly NamingIdentity[],
  search: HolderSearch,
): Finding {
  const { finding, said, spkiSha256 } = each;
  if (spkiSha256 === undefined) return namedFinding(each, search);
  const { scanned, project, knowledge } = search;
  const here = knowledge.naming(relative(project, scanned, finding.file));
  const named = [...here, ...namedOf(spkiSha256).filter((other) => !here.includes(other))];
  const [first] = named;
  if (first === undefined && uses.count === 0) return finding;
  const whose = [
    ...(first === undefined ? [] : [`a manifest names it: ${formatIdentity(first.identity)}`]),
    ...(uses.count === 0 ? [] : [usesText(uses)]),
  ];
  return {
    ...finding,
    severity: uses.isInUse ? 'error' : finding.severity,
    message: `${said}; ${whose.join('; ')}; replace the key there`,
    ...(first === undefined ? {} : { identity: first.identity }),
    related: [
      ...named.slice(0, MOST_RELATED).map(({ file, range, message }) => ({
        file: relative(scanned, project, file),
        range,
        message,
      })),
      ...relatedUses(uses),
    ].slice(0, MOST_RELATED),
  };
}

const STANDING = { inUse: 'in use', superseded: 'replaced', former: 'former' } as const;

export function actsFor(holder: KeyHolder): Pick<Finding, 'acts'> {
  switch (holder.standing) {
    case 'inUse':
      return { acts: { verbs: ['rotate'], ...machineOf(holder) } };
    case 'superseded':
      return { acts: { verbs: ['revoke'], former: true, ...machineOf(holder) } };
    case 'former':
      return {};
    default:
      return holder.standing satisfies never;
  }
}

function remedyFor({ identity, standing, notAfter }: KeyHolder): string {
  switch (standing) {
    case 'inUse':
      return `rotate it: idac rotate ${formatIdentity(identity)}`;
    case 'superseded':
      return `whoever has it is accepted until ${formatDay(notAfter)}: idac revoke ${formatIdentity(identity)} --former`;
    case 'former':
      return 'it is used no more; see that nothing trusts it still';
    default:
      return standing satisfies never;
  }
}

function machineOf({ machine }: KeyHolder): { readonly machine?: string } {
  return machine === null ? {} : { machine };
}

export function holdersText(holders: readonly KeyHolder[]): string {
  const more = holders.length > NAMED ? ` and ${holders.length - NAMED} more` : '';
  return `${holders.slice(0, NAMED).map(holderText).join(', ')}${more}`;
}

function holderText({ identity, machines, owner, consumers, standing }: KeyHolder): string {
  const facts = [
    ...(owner === null ? [] : [`owner ${owner}`]),
    ...(consumers.length === 0 ? [] : [`consumers ${listed(consumers)}`]),
    STANDING[standing],
  ];
  return `${formatIdentity(identity)}${machines.length === 0 ? '' : ` on ${listed(machines)}`} (${facts.join(', ')})`;
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A file below `of`, as seen from `from`. */
function relative(from: string, of: string, file: string): string {
  return relativeTo(from, path.join(of, file));
}
