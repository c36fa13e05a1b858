import type { Severity } from '../../finding.ts';
import { formatIdentity } from '../../identity/identityId.ts';
import type { ProjectIndex } from '../../identity/projectIndex.ts';
import { selects } from '../../identity/selects.ts';
import { isObject } from '../../manifest/path.ts';
import type { Resource } from '../../manifest/resource.ts';
import type { Ask } from '../../policy/boundPolicy.ts';
import { asksOf } from '../../policy/effectivePolicy.ts';
import { policiesOf } from '../../policy/policiesInForce.ts';
import type { Bearer } from './bearer.ts';
import type { SharedKey } from './sharedKeys.ts';

/** What the policies of a project say of one rule on keys, for those that they select. */
export interface KeyPolicy {
  readonly name: string;
  readonly severity: Severity | undefined;
  readonly allow: readonly Allowance[];
  /** Without a selector it is for keys, too, that no manifest knows. */
  covers(bearers: readonly Bearer[]): boolean;
}

/** A shared key that somebody answers for. */
export interface Allowance {
  /** Hex SHA-256 of its SubjectPublicKeyInfo. */
  readonly key: string | undefined;
  /** `Certificate/payments/api`. */
  readonly identities: ReadonlySet<string>;
  /** Files, or folders that end in a slash, of the project. */
  readonly files: readonly string[];
  /** ISO day; it counts up to its end. */
  readonly until: string | undefined;
}

export function keyPolicies(index: ProjectIndex, rule: string): readonly KeyPolicy[] {
  return policiesOf(index).flatMap((policy) => asksOf(policy).flatMap((ask) => policyOf(ask, index, rule)));
}

function policyOf(ask: Ask, index: ProjectIndex, rule: string): readonly KeyPolicy[] {
  if (ask.rule !== rule) return [];
  const { name, spec } = ask.policy.resource;
  const { allow } = ask.parameters;
  const { selector } = spec;
  const isSelected = (resource: Resource | undefined) =>
    resource !== undefined && selects(selector, resource);
  return [
    {
      name,
      severity: ask.severity,
      allow: Array.isArray(allow) ? allow.flatMap(allowanceOf) : [],
      covers: (bearers) =>
        selector === undefined ||
        bearers.some(({ claim }) => claim !== undefined && isSelected(index.get(claim.identity))),
    },
  ];
}

/** One without a reason allows nothing: who reads the policy in a year must find it. */
function allowanceOf(entry: unknown): readonly Allowance[] {
  if (!isObject(entry) || typeof entry['reason'] !== 'string' || entry['reason'].trim() === '') return [];
  const { key, until, identities, files } = entry;
  return [
    {
      key: typeof key === 'string' ? key.toLowerCase() : undefined,
      until: typeof until === 'string' ? until : undefined,
      identities: new Set(textsOf(identities)),
      files: textsOf(files),
    },
  ];
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

/** The whole of it is named: by the key, or each of those that share it by identity or file. `fileOf`: as the project sees it. */
export function isAllowed(
  { allow }: KeyPolicy,
  { spkiSha256, bearers, copies }: SharedKey,
  fileOf: (file: string) => string,
  now: Date,
): boolean {
  return allow.some(({ key, identities, files, until }) => {
    if (until !== undefined && until < now.toISOString().slice(0, 10)) return false;
    if (key !== undefined) return key === spkiSha256;
    const isNamed = (file: string) =>
      files.some((each) => fileOf(file) === each || (each.endsWith('/') && fileOf(file).startsWith(each)));
    return (
      (identities.size > 0 || files.length > 0) &&
      copies.every(({ file }) => isNamed(file)) &&
      bearers.every(({ claim, places }) =>
        claim === undefined
          ? places.every(({ file }) => isNamed(file))
          : identities.has(formatIdentity(claim.identity)),
      )
    );
  });
}
