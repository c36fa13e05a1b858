import { isCertManagerKind } from '../../identity/certManager.ts';
import { formatIdentity } from '../../identity/identityId.ts';
import type { Reference } from '../../identity/projectIndex.ts';
import { namesakes } from '../../identity/references.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { likelyMeant } from '../likelyMeant.ts';
import { otherReferences, sharedReferences } from '../otherReferences.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/missing',
    severity: 'error',
    perResource: true,
    title: 'A manifest names something that is not declared',
    why: 'Nothing can be issued, stored or delivered by a backend that no manifest of the project describes, and a parent, a bundle or an identity that is not there is passed over when it counts.',
    remedy:
      'Correct the name, or declare a resource of that kind and name. References never leave the project.',
  },
  check: (context) => missingAmong(sharedReferences(context.index), context),
  checkTogether: (context) => missingAmong(otherReferences(context.index), context),
};

function* missingAmong(references: readonly Reference[], context: RuleContext) {
  for (const reference of references) {
    // Machines have a rule of their own: some are known by their name alone.
    if (reference.kind === 'Machine' || reference.target !== undefined) continue;
    if (isFromOutside(reference, context)) continue;
    // An issuer of cert-manager may live in the cluster alone.
    if (isCertManagerKind(reference.kind) || namesakes(context.index, reference).length > 1) continue;
    yield missing(context, reference);
  }
}

/** A policy may extend one that comes from outside of the project. */
function isFromOutside({ kind, name }: Reference, { policies = [] }: RuleContext): boolean {
  return kind === 'Policy' && policies.some(({ resource }) => resource.name === name);
}

function missing(context: RuleContext, reference: Reference) {
  const { from, kind, path, saysKind } = reference;
  const { hint, fixes } = likelyMeant(context, reference);
  const name = quotable(reference.name) ?? 'like this';
  const what = saysKind ? `nothing is declared as ${name}` : `no ${kind} is called ${name}`;
  const message = `${what}; ${hint ?? 'declare it, or name one that is'}`;
  const why = `${formatIdentity(from.id).replace('//', '/')} needs it.`;
  return { ...report(from, path, message, { fixes }), why };
}
