import { formatDuration } from '../../../text/duration.ts';
import { capitalized } from '../../../text/sentence.ts';
import { nounOf } from '../../kindTraits.ts';
import type { Generation } from '../../record.ts';
import type { Task, TaskOf } from '../../task.ts';
import type { PlanningFacts } from '../facts.ts';
import { untilText } from '../facts.ts';
import type { ShareChange } from './changesOf.ts';

/** What becomes of the credentials, keys and copies that are there. */
export function endingChanges(facts: PlanningFacts, tasks: readonly Task[]): readonly ShareChange[] {
  const revoked = new Set(tasks.flatMap((task) => (task.verb === 'revoke' ? [task.generation] : [])));
  return tasks.flatMap((task): readonly ShareChange[] => {
    const generation = facts.record.generations.find(({ id }) => id === task.generation);
    if (generation === undefined) return [];
    switch (task.verb) {
      case 'supersede':
        return revoked.has(task.generation) ? [] : [retired(facts, task, generation)];
      case 'revoke':
        return [
          {
            ...ended(facts, task, generation),
            after: `revoked, reason ${task.reason}${task.reason === 'certificateHold' ? ' (on hold)' : ''}`,
          },
        ];
      case 'destroy-key':
        return [keyDestroyed(facts, task, generation)];
      case 'destroy-copy':
        return [
          {
            what: 'copy',
            title: `${task.place.path} at ${task.place.backend}`,
            machine: task.machine,
            before: `${task.place.contents.join(' and ')} of ${nounOf(facts.request.identity.kind)} ${generation.credential.serialNumber}`,
            after: null,
          },
        ];
      case 'put-back':
        return [putBack(facts, task, generation)];
      default:
        return [];
    }
  });
}

function ended(
  facts: PlanningFacts,
  { machine }: Pick<Task, 'machine'>,
  { credential, supersededBy }: Generation,
): Omit<ShareChange, 'after'> {
  const noun = nounOf(facts.request.identity.kind);
  return {
    what: facts.request.verb === 'revoke' ? 'status' : 'former',
    title: `${capitalized(noun)} ${credential.serialNumber}`,
    machine,
    before: `${supersededBy === null ? 'in use' : 'superseded'}, ${untilText(credential.notAfter)}`,
  };
}

function retired(facts: PlanningFacts, task: TaskOf<'supersede'>, generation: Generation): ShareChange {
  const after = task.overlapSeconds === 0 ? '' : ` after ${formatDuration(task.overlapSeconds)}`;
  const { credential } = generation;
  return {
    ...ended(facts, task, generation),
    after: `retired${after}, not revoked: ${untilText(credential.notAfter)} for whoever holds its key`,
  };
}

function keyDestroyed(
  facts: PlanningFacts,
  { machine, store, keyId }: TaskOf<'destroy-key'>,
  { issued, credential }: Generation,
): ShareChange {
  const isToken = facts.request.identity.kind === 'Token';
  return {
    what: 'key',
    title: isToken ? `Token ${credential.serialNumber}` : `Key of ${credential.serialNumber}`,
    machine,
    before:
      store !== null && keyId !== null
        ? `${issued.key?.algorithm ?? ''} in ${store} (${keyId})`.trim()
        : 'no longer kept here',
    after: store !== null && keyId !== null ? null : 'recorded as destroyed',
  };
}

function putBack(facts: PlanningFacts, task: TaskOf<'put-back'>, former: Generation): ShareChange {
  const noun = nounOf(facts.request.identity.kind);
  const over = facts.record.generations.find(({ id }) => id === task.over);
  const text = ({ credential }: Generation) =>
    `${noun} ${credential.serialNumber}, ${untilText(credential.notAfter)}`;
  return {
    what: 'delivery',
    title: `${task.place.path} at ${task.place.backend}`,
    machine: task.machine,
    before: over === undefined ? null : text(over),
    after: text(former),
  };
}
