import { placeKey } from '../declaration.ts';
import { countOf, nounOf } from '../kindTraits.ts';
import type { Refusal } from '../plan.ts';
import { formatSubject } from '../plan.ts';
import { type FormerCopy, type Generation, hasEnded } from '../record.ts';
import type { DraftTask } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal, untilText } from './facts.ts';
import { concerns } from './oneMachine.ts';
import type { PlanDraft } from './planIssuance.ts';

interface Why {
  readonly what: string;
  readonly hint: string;
}

/** A place whose former credential can be put back. */
interface Restorable {
  readonly former: Generation;
  readonly backend: string;
  readonly over: Generation;
  readonly at: FormerCopy;
  readonly version: string;
}

/** Why a former credential must not be used again; undefined when it may. */
function endedWhy(facts: PlanningFacts, former: Generation): string | undefined {
  const attested = facts.attested.get(former.id);
  if (former.revoked !== null || attested === 'revoked') return 'it was revoked';
  if (hasEnded(former, facts.now)) return `it ended at ${former.credential.notAfter.slice(0, 10)}`;
  if (former.keyDestroyed) return 'its key was destroyed';
  if (former.issued.type === 'adopted') return 'it was adopted, and not issued from here';
  return attested === 'unknown' ? `${former.issued.backend} here did not issue it` : undefined;
}

function restorable(facts: PlanningFacts, at: FormerCopy): Restorable | Why | undefined {
  const generation = (id: string) => facts.record.generations.find((each) => each.id === id);
  const former = generation(at.generation);
  const over = generation(at.over.generation);
  if (former === undefined || over === undefined || !concerns(facts.request, over.machine)) return undefined;
  const { path, backend } = at.copy;
  const shown = `the former ${nounOf(facts.request.identity.kind)} of ${path} at ${backend} (serial ${former.credential.serialNumber})`;
  const ended = endedWhy(facts, former);
  if (ended !== undefined)
    return {
      what: `${shown} cannot be used again: ${ended}.`,
      hint: 'Rotate, so that a new one is made and delivered.',
    };
  const found = facts.formers.get(placeKey(at.copy));
  if (found?.there === false) return { what: `${shown} cannot be had: ${found.why}.`, hint: found.hint };
  const version = facts.versions.get(placeKey(at.copy));
  const { backend: issuer } = former.issued;
  return found === undefined || version === undefined || issuer === null
    ? {
        what: `Nothing stands at ${path} (${backend}) any more.`,
        hint: 'Rotate, so that a new one is made and delivered.',
      }
    : { former, backend: issuer, over, at, version };
}

/**
 * restore: the credential that stood at a place before is put back there, out of what the target keeps of it. The one that
 * it takes the place of is neither retired nor revoked.
 */
export function planRestore(facts: PlanningFacts): PlanDraft | Refusal {
  const { identity } = facts.request;
  const subject = formatSubject(facts.request);
  const noun = nounOf(identity.kind);
  const all = facts.record.formers.map((at) => restorable(facts, at)).filter((each) => each !== undefined);
  const wanted = all.filter((each) => 'former' in each);
  const reasons = all.filter((each) => 'what' in each);
  const [first] = wanted;
  if (first === undefined) {
    return refusal(
      identity,
      'nothing-to-restore',
      reasons[0]?.what ?? `No place of ${subject} had another ${noun} before.`,
      reasons[0]?.hint ?? 'Rotate, so that a new one is made and delivered.',
    );
  }
  const put = wanted.map(
    ({ former, over, at, version }): DraftTask => ({
      verb: 'put-back',
      generation: former.id,
      machine: over.machine,
      class: 'undoable',
      place: { backend: at.copy.backend, as: at.copy.as, path: at.copy.path, contents: at.copy.contents },
      over: over.id,
      version: at.copy.version,
      ifVersion: version,
      issued: { credential: former.credential, publicText: former.issued.publicText },
      eventId: facts.newId(),
      target: at.copy.path,
      consequence: `puts ${noun} ${former.credential.serialNumber} (${untilText(former.credential.notAfter)}) back from version ${at.copy.version}; undoing puts ${over.credential.serialNumber} back`,
    }),
  );
  const verify = [...new Set(wanted.map(({ former }) => former))].map((former): DraftTask => {
    const own = wanted.filter((each) => each.former === former);
    return {
      verb: 'verify',
      generation: former.id,
      machine: former.machine,
      class: 'repeatable',
      backend: own[0]?.backend ?? first.backend,
      places: own.map(({ at: { copy } }) => ({
        backend: copy.backend,
        as: copy.as,
        path: copy.path,
        contents: copy.contents,
      })),
      expect: 'good',
      serialNumber: former.credential.serialNumber,
      endpoints: [],
      servedByOthers: [],
      eventId: facts.newId(),
      consequence: 'reads back what stands there and asks the issuer for its status',
    };
  });
  const erase: DraftTask = {
    verb: 'erase-staged',
    generation: '',
    machine: null,
    class: 'repeatable',
    consequence: 'erases the sealed copies here of what stood there',
  };
  const newer = [...new Set(wanted.map(({ over }) => over.credential.serialNumber))];
  return {
    tasks: [...put, ...verify, erase],
    warnings: [
      ...(facts.declaration !== null && facts.declaration.consumers.length > 0
        ? [`Used by ${facts.declaration.consumers.join(', ')}: they must read it again.`]
        : []),
      `The ${noun} that stands there now (${newer.join(', ')}) stays valid: rotate once the fault is found, and the next one takes over from both.`,
      ...reasons.map(({ what }) => `${what} It is left as it is.`),
    ],
    summary: `restore ${subject}: ${countOf(identity.kind, new Set(wanted.map(({ former }) => former.id)).size)} that stood there before`,
    consequence: 'The former credential is put back where it was delivered; the newer one stays valid.',
  };
}
