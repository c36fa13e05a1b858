import { leftText } from '../../../identity/expiry.ts';
import type { Hasher } from '../../../ports.ts';
import { formatDuration } from '../../../text/duration.ts';
import { formatDay } from '../../../text/instant.ts';
import { placeKey } from '../../declaration.ts';
import type { DeliveredCopy, KeyOrigin } from '../../event.ts';
import { nounOf } from '../../kindTraits.ts';
import type { Generation } from '../../record.ts';
import type { KeyChoice, Task, TaskOf } from '../../task.ts';
import type { PlanningFacts } from '../facts.ts';
import { untilText } from '../facts.ts';
import { packedText } from '../refuseDeliveries.ts';
import type { ShareChange } from './changesOf.ts';
import { CONTENT_TITLES, contentAsked } from './contentAsked.ts';
import { contentOf } from './credentialBefore.ts';

/** Characters of a digest that tell two keys apart for a person. */
const SHORT = 16;

/** What each new credential is, against the one that it takes over from. */
export function issuanceChanges(
  facts: PlanningFacts,
  tasks: readonly Task[],
  hasher: Hasher,
): readonly ShareChange[] {
  const issues = tasks.filter((task) => task.verb === 'issue');
  return [
    ...machineChange(facts, issues),
    ...issues.flatMap((task) => {
      const former = formerOf(facts, task);
      return [
        ...contentChanges(task, former, hasher),
        ...keyChange(task, former, tasks),
        validityChange(facts, task, former),
        ...deliveryChanges(facts, task, tasks),
      ];
    }),
  ];
}

/** The one in use; where none is, nothing stands before. */
function formerOf(facts: PlanningFacts, { replaces }: TaskOf<'issue'>): Generation | undefined {
  return facts.record.generations.findLast(({ id }) => replaces.includes(id));
}

function machineChange(facts: PlanningFacts, issues: readonly TaskOf<'issue'>[]): readonly ShareChange[] {
  const { declaration, record } = facts;
  if (declaration === null || declaration.machines.length === 0 || issues.length === 0) return [];
  const before = [...record.live.keys()].filter((machine) => machine !== null);
  const shared = issues.some(({ machine }) => machine === null);
  const after = shared
    ? declaration.machines
    : [...new Set([...before, ...issues.flatMap(({ machine }) => machine ?? [])])];
  return [
    {
      what: 'machines',
      title: 'Machines',
      machine: null,
      before:
        shared && record.live.has(null) ? after.join(', ') : before.length === 0 ? null : before.join(', '),
      after: `${after.join(', ')}${shared ? ', with one key for all' : ''}`,
      changes: shared ? !record.live.has(null) : before.length !== after.length,
    },
  ];
}

function contentChanges(
  task: TaskOf<'issue'>,
  former: Generation | undefined,
  hasher: Hasher,
): readonly ShareChange[] {
  const { request, machine } = task;
  const asked = contentAsked(request);
  const held = former === undefined ? undefined : contentOf(former.issued, hasher);
  // What the manifest decides is what it was where its digest is.
  const sameSpec = former !== undefined && former.issued.specDigest === task.specDigest;
  const titles = CONTENT_TITLES[request.kind];
  const list = (what: 'names' | 'usages' | 'limits'): readonly ShareChange[] => {
    const after = asked[what].join(', ');
    const before = held?.[what] ?? (sameSpec ? asked[what] : undefined);
    if (after === '' && (before ?? []).length === 0) return [];
    const same = before !== undefined && sameMembers(before, asked[what]);
    const shown =
      before === undefined ? 'not in the record' : before.length === 0 ? 'none' : before.join(', ');
    return [
      {
        what,
        title: titles[what],
        machine,
        before: former === undefined ? null : same ? after : shown,
        after: after === '' ? 'none' : after,
        changes: !same,
      },
    ];
  };
  return [
    ...subjectChange(task, former),
    ...list('names'),
    ...list('usages'),
    ...list('limits'),
    issuerChange(task, former),
  ];
}

/** Only where the manifest decides it: else the issuer makes it of the first name. */
function subjectChange(
  { request, machine }: TaskOf<'issue'>,
  former: Generation | undefined,
): readonly ShareChange[] {
  const asked =
    request.kind === 'Certificate'
      ? request.names.subject
      : request.kind === 'Token' && request.subject !== ''
        ? request.subject
        : undefined;
  if (asked === undefined) return [];
  const before = former?.credential.subject ?? null;
  const same = before !== null && plainName(before) === plainName(asked);
  return [
    {
      what: 'subject',
      title: 'Subject',
      machine,
      before: same ? asked : before,
      after: asked,
      changes: !same,
    },
  ];
}

/** RFC 4514 leaves spaces around its separators to the writer. */
function plainName(name: string): string {
  return name.replace(/\s*([,=+])\s*/g, '$1').toLowerCase();
}

function issuerChange({ backend, machine }: TaskOf<'issue'>, former: Generation | undefined): ShareChange {
  // What was adopted may have come from an authority that is declared nowhere.
  const before = former === undefined ? null : (former.issued.backend ?? 'elsewhere');
  const by = former === undefined || former.credential.issuer === '' ? '' : ` (${former.credential.issuer})`;
  const same = before === backend;
  return {
    what: 'issuer',
    title: 'Issuer',
    machine,
    before: before === null ? null : `${before}${by}`,
    after: same ? `${backend}${by}` : backend,
    changes: !same,
  };
}

function keyChange(
  { key, machine, backend }: TaskOf<'issue'>,
  former: Generation | undefined,
  tasks: readonly Task[],
): readonly ShareChange[] {
  if (key === null) return [];
  const step = tasks.find(
    (task) => (task.verb === 'make-key' || task.verb === 'read-request') && task.machine === machine,
  );
  const held = former?.issued.key;
  const kept =
    step?.verb === 'make-key' &&
    key.keyId !== undefined &&
    held?.keyId === key.keyId &&
    held.store === key.store;
  const before =
    former === undefined || held === undefined
      ? null
      : `${held.algorithm}, ${whereKey(held.origin, held.store, former.issued.backend)}${digestText(former.credential.spkiSha256)}`;
  return [
    {
      what: 'key',
      title: 'Key',
      machine,
      before,
      after: kept ? before : newKeyText(key, backend, step),
      changes: !kept,
    },
  ];
}

function newKeyText(key: KeyChoice, issuer: string, step: Task | undefined): string {
  return step?.verb === 'read-request'
    ? `a new ${key.algorithm} key, made on the machine (${step.path})`
    : `a new ${key.algorithm} key, ${whereKey(key.origin, key.store, issuer)}`;
}

function whereKey(origin: KeyOrigin, store: string | undefined, issuer: string): string {
  switch (origin) {
    case 'machine':
      return 'made on the machine, which it never leaves';
    case 'store':
      return store === undefined ? 'in its store' : `in ${store}, which it never leaves`;
    case 'engine':
      return 'made here, erased once it is delivered';
    case 'service':
      return `made by ${issuer}, erased here once it is delivered`;
    default:
      return origin satisfies never;
  }
}

function digestText(spkiSha256: string | undefined): string {
  return spkiSha256 === undefined ? '' : `, SHA-256 ${spkiSha256.slice(0, SHORT)}…`;
}

function validityChange(
  { now }: PlanningFacts,
  { durationSeconds, machine }: TaskOf<'issue'>,
  former: Generation | undefined,
): ShareChange {
  const end =
    durationSeconds === null ? null : new Date(now.getTime() + durationSeconds * 1000).toISOString();
  const before = former?.credential.notAfter;
  return {
    what: 'validity',
    title: 'Valid',
    machine,
    before:
      before === undefined ? null : `${untilText(before).replace('valid ', '')} (${leftText(before, now)})`,
    after:
      end === null || durationSeconds === null
        ? 'without end'
        : `until about ${formatDay(end)} (${formatDuration(durationSeconds)})`,
    changes: true,
  };
}

function deliveryChanges(
  facts: PlanningFacts,
  { generation }: TaskOf<'issue'>,
  tasks: readonly Task[],
): readonly ShareChange[] {
  return tasks.flatMap((task): readonly ShareChange[] => {
    if (task.verb !== 'deliver' || task.generation !== generation) return [];
    const { place, ifVersion, machine } = task;
    const key = placeKey(place);
    const standing = facts.record.generations
      .flatMap((holder) => holder.copies.map((copy) => ({ holder, copy })))
      .findLast(({ copy }) => placeKey(copy) === key);
    return [
      {
        what: 'delivery',
        title: `${place.path} at ${place.backend}`,
        machine,
        before: ifVersion === null ? null : standingText(standing, ifVersion, facts.request.identity.kind),
        after: `${packedText(place)} of the new ${nounOf(facts.request.identity.kind)}`,
        changes: true,
      },
    ];
  });
}

function standingText(
  standing: { readonly holder: Generation; readonly copy: DeliveredCopy } | undefined,
  version: string,
  kind: string,
): string {
  return standing === undefined
    ? `version ${short(version)}`
    : `${standing.copy.contents.join(' and ')} of ${nounOf(kind)} ${short(standing.holder.credential.serialNumber)}, version ${short(version)}`;
}

function short(text: string): string {
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  const plain = (list: readonly string[]) => [...new Set(list.map((each) => each.toLowerCase()))].sort();
  return plain(a).join('\n') === plain(b).join('\n');
}
