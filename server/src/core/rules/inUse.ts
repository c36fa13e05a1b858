/**
 * What is found about a credential in use, by its dates and its manifest. Certificates have rules of their own names,
 * `certificate/…`; those of the other kinds are called `credential/…`.
 */
import type { Acts } from '../finding.ts';
import { expiresText, leftText } from '../identity/expiry.ts';
import { declarationOf } from '../lifecycle/declarationOf.ts';
import { nounOf, traitsOf } from '../lifecycle/kindTraits.ts';
import type { WritingVerb } from '../lifecycle/plan.ts';
import type { Generation } from '../lifecycle/record.ts';
import { renewAfter } from '../lifecycle/standing.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import type { RuleContext } from './context.ts';
import { NAME, of, recordedIdentities } from './recorded.ts';
import { report } from './report.ts';

type Found = ReturnType<typeof report>;
type Kinds = 'certificates' | 'others';

interface InUse {
  readonly resource: IdentityResource;
  readonly generation: Generation;
  /** `token of machine payments-1` */
  readonly what: string;
}

/** The newest live credential of each bearer, with the manifest that declares it. */
function* inUse(context: RuleContext, kinds: Kinds): Iterable<InUse> {
  for (const { resource, record } of recordedIdentities(context)) {
    if ((resource.kind === 'Certificate') !== (kinds === 'certificates')) continue;
    for (const live of record.live.values()) {
      const generation = live.at(-1);
      if (generation !== undefined)
        yield { resource, generation, what: `${nounOf(resource.kind)}${of(generation)}` };
    }
  }
}

export function* expired(context: RuleContext, kinds: Kinds): Iterable<Found> {
  for (const { resource, generation, what } of inUse(context, kinds)) {
    const { notAfter } = generation.credential;
    if (context.now.getTime() < Date.parse(notAfter)) continue;
    const message = `the ${what} ${leftText(notAfter, context.now)}; ${replacement(resource.kind)} it`;
    yield report(resource, NAME, message, { acts: replacing(resource.kind, generation) });
  }
}

export function* renewalDue(context: RuleContext, kinds: Kinds): Iterable<Found> {
  for (const { resource, generation, what } of inUse(context, kinds)) {
    const { notAfter } = generation.credential;
    const { renewal } = declarationOf(resource, context.index);
    const isDue = context.now >= renewAfter(generation, renewal.before);
    if (!isDue || context.now.getTime() >= Date.parse(notAfter)) continue;
    const message = `the ${what} is due for renewal: it ${expiresText(notAfter, context.now)}`;
    yield report(resource, NAME, message, { acts: replacing(resource.kind, generation) });
  }
}

export function* outOfDate(context: RuleContext, kinds: Kinds): Iterable<Found> {
  for (const { resource, generation, what } of inUse(context, kinds)) {
    const digest = context.recorded?.specDigestOf(resource);
    if (digest === undefined || digest === generation.issued.specDigest) continue;
    const acts = replacing(resource.kind, generation);
    yield report(resource, NAME, `the manifest changed since the ${what} was issued; ${acts.verbs[0]} it`, {
      acts,
    });
  }
}

/** `renew or rotate`, or what of it there is for that kind. */
function replacement(kind: string): string {
  return replacingVerbs(kind).join(' or ');
}

function replacingVerbs(kind: string): readonly WritingVerb[] {
  const offered = traitsOf(kind)?.verbs ?? [];
  return (['renew', 'rotate'] as const).filter((verb) => offered.includes(verb));
}

/** A new one for who bears this one. */
function replacing(kind: string, generation: Generation): Acts {
  return onlyOf(generation, replacingVerbs(kind));
}

/** What takes over from several at once: a rotation, or what of it there is for that kind. */
export function takingOver(kind: string, generation: Generation): Acts {
  return onlyOf(generation, replacingVerbs(kind).slice(-1));
}

/** That machine's share; where no machine bears it, the identity. */
function onlyOf({ machine }: Generation, verbs: readonly WritingVerb[]): Acts {
  return { verbs, ...(machine === null ? {} : { machine }) };
}
