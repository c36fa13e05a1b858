import { type Generation, isAccepted } from '../../lifecycle/record.ts';
import { publishedRoots } from '../../trust/publishedRoots.ts';
import type { TrustFacts } from '../../trust/trustFacts.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { andMore, namedAnchors } from '../trustAnchors.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'trust/anchor-outlived',
    severity: 'warning',
    readsRecord: true,
    title: 'A trust bundle keeps an authority that is no longer used',
    why: 'Everything that it signed here has ended, and its issuer is gone or signs under another authority. Whoever still has its key, or gets hold of it, is trusted by everybody who has this bundle.',
    remedy: 'Take it out of the file, and deliver the bundle again.',
  },
  *check(context) {
    const facts = context.recorded?.trust;
    if (facts === undefined || facts.anchors.size === 0) return;
    let outlived: ReadonlySet<string> | undefined;
    for (const { bundle, path, isPublished, anchors } of namedAnchors(context)) {
      // What an authority that is declared here publishes as its own is its own affair.
      if (isPublished) continue;
      outlived ??= outlivedKeys(context, facts);
      const kept = anchors.filter(({ key }) => outlived?.has(key));
      const [first] = kept;
      if (first === undefined) continue;
      const message = `nothing in use rests on ${first.subject} any more${andMore(kept)}; take it out of the file`;
      yield report(bundle, path, message);
    }
  },
};

/** Of authorities on whose word something rested here, and nothing does that is accepted, or is issued now. */
function outlivedKeys(context: RuleContext, facts: TrustFacts): ReadonlySet<string> {
  const { index, now, records } = context;
  const former = new Map<string, Set<string | null>>();
  const used = new Set<string>();
  const newest = new Map<string, Generation>();
  for (const { generations } of records.values())
    for (const generation of generations) {
      const { backend, at } = generation.issued;
      if (backend !== null && at >= (newest.get(backend)?.issued.at ?? '')) newest.set(backend, generation);
      for (const key of facts.signersOf(generation)?.keys ?? []) {
        if (isAccepted(generation, now)) used.add(key);
        else former.set(key, (former.get(key) ?? new Set()).add(backend));
      }
    }
  for (const { usable, spec } of index.backends()) {
    const roots = usable ? publishedRoots(spec) : undefined;
    for (const { key } of (roots === undefined ? undefined : facts.anchors.get(roots)) ?? []) used.add(key);
  }
  const issuesNow = (backend: string | null, key: string): boolean => {
    const last = backend === null || index.backend(backend) === undefined ? undefined : newest.get(backend);
    return last !== undefined && facts.signersOf(last)?.keys.has(key) !== false;
  };
  return new Set(
    [...former].flatMap(([key, backends]) =>
      used.has(key) || [...backends].some((backend) => issuesNow(backend, key)) ? [] : [key],
    ),
  );
}
