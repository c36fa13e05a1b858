import type { Severity } from '../../finding.ts';
import { formatIdentity } from '../../identity/identityId.ts';
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
