import { type Generation, reduceRecord } from '../core/lifecycle/record.ts';
import type { Resource } from '../core/manifest/resource.ts';
import { RULES } from '../core/rules/generated/registry.ts';
import { type IssuedInUse, inUseOf } from '../core/rules/issuedAsks.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import type { Project } from './api.ts';

/** What is in use of these identities, of the kinds that the rules asked look at: no other record is read for it. */
export async function issuedInUse(
  project: Project,
  identities: Iterable<Pick<Resource, 'id' | 'key' | 'kind'>>,
  asked: readonly string[],
  signal: AbortSignal,
): Promise<IssuedInUse> {
  const rules = new Map(
    RULES.flatMap(({ meta, judgesIssued }) =>
      judgesIssued === undefined ? [] : [[meta.id, judgesIssued] as const],
    ),
  );
  const kinds = new Set(asked.map((rule) => rules.get(rule)?.kind));
  const inUse = new Map<string, readonly Generation[]>();
  for (const { id, key, kind } of identities)
    if (kinds.has(kind)) inUse.set(key, inUseOf(reduceRecord(await project.events(id, signal))));
  return { rules, hasher: nodeHasher, of: ({ key }) => inUse.get(key) ?? [] };
}
