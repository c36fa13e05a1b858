import type { ManifestPath } from '../../manifest/path.ts';
import type { IdentityResource } from '../../manifest/resource.ts';
import { quotable } from '../../text/quote.ts';
import { textNumber } from '../../text/textNumber.ts';
import type { RuleContext } from '../context.ts';
import { overlapsBy } from '../overlaps.ts';
import { perValue } from '../perValue.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

/** One name of one certificate. */
interface Named {
  readonly path: ManifestPath;
  /** Numbers that are the same for the same name, use and type of key, and hardly ever for two. */
  readonly keys: readonly number[];
}

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/duplicate-name',
    severity: 'warning',
    title: 'Two identities are for the same name',
    why: 'Both certificates are valid for it, and whoever uses one does not know of the other: one is renewed and the other ends, one is revoked and the other still lets its holder be that name.',
    remedy:
      'Keep one identity for a name and name its machines there. Certificates with another type of key, or for another use, are no matter.',
  },
  *check({ index }) {
    const repeated: ReadonlySet<unknown> = new Set(index.repeated);
    const identities = index.identities();
    const counting = repeated.size === 0 ? identities : identities.filter((each) => !repeated.has(each));
    const overlaps = sameName(counting);
    if (overlaps.length === 0) return;
    const holders = new Map(counting.flatMap((holder) => namesOf(holder).map((each) => [each, holder])));
    const told = new Set<Named>();
    for (const { items } of overlaps) {
      const [first, ...others] = items;
      const owner = first && holders.get(first);
      if (first === undefined || owner === undefined) continue;
      for (const other of others) {
        const holder = holders.get(other);
        if (holder === undefined || holder === owner || told.has(other)) continue;
        const text = textsAt(holder, other);
        // Two texts may have one number, by chance.
        if (!textsAt(owner, first).some((each) => text.includes(each))) continue;
        told.add(other);
        const shown = quotable(holder.source(other.path)?.replace(/^(["'])(.*)\1$/, '$2')) ?? 'this name';
        const message = `${owner.key.replace('//', '/')} is for ${shown}, too; keep one of them`;
        yield report(holder, other.path, message, {
          related: [relatedTo(owner, first.path, 'the other one')],
        });
      }
    }
  },
  remember(resource) {
    if (resource.kind === 'Certificate') namesOf(resource as unknown as IdentityResource);
  },
};

const NOTHING: readonly Named[] = [];
const FIELDS = ['dnsNames', 'ipAddresses', 'uris', 'emailAddresses'] as const;

const namesOf = perValue((identity: IdentityResource): readonly Named[] => {
  if (identity.kind !== 'Certificate' || !identity.usable) return NOTHING;
  return FIELDS.flatMap((field) =>
    (identity.spec[field] ?? []).map((_, at) => {
      const path = ['spec', field, at];
      return { path, keys: textsOf(identity, field, at).map(textNumber) };
    }),
  );
});

const sameName = overlapsBy(namesOf, ({ keys }: Named) => keys);

function textsAt(identity: IdentityResource, { path }: Named): readonly string[] {
  const [, field, at] = path;
  const known = FIELDS.find((each) => each === field);
  return known === undefined || typeof at !== 'number' ? [] : textsOf(identity, known, at);
}

/** One for each use. */
function textsOf(identity: IdentityResource, field: (typeof FIELDS)[number], at: number): readonly string[] {
  if (identity.kind !== 'Certificate' || !identity.usable) return [];
  const { spec } = identity;
  const name = spec[field]?.[at]?.toLowerCase() ?? '';
  // A server may have one certificate with RSA for old clients, and one with ECDSA.
  const family = spec.key?.algorithm?.split('-')[0] ?? '';
  return (spec.usages ?? ['serverAuth']).map((usage) =>
    JSON.stringify([field, name, family, usage.toLowerCase().replace(' ', '')]),
  );
}
