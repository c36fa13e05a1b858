import { formatInstant, plural } from '../text/instant.ts';
import { visible } from '../text/visible.ts';
import { type IdentityEvent, NO_END } from './event.ts';
import { eventFile } from './eventFile.ts';
import { leftStepText } from './leftStepText.ts';
import type { ActionSubject } from './plan.ts';
import { formatSubject } from './plan.ts';
import type { ChainProblem } from './verifyChain.ts';

export interface AuditInput {
  readonly subject: ActionSubject;
  /** Oldest first. */
  readonly events: readonly IdentityEvent[];
  /** Of the whole record; null: it was not verified, since the folder is not trusted. */
  readonly verified: {
    readonly events: number;
    readonly clones: number;
    readonly problems: readonly ChainProblem[];
  } | null;
  /** Where it is declared; the line counts from one. Null: no manifest declares it any more. */
  readonly declaredAt: { readonly file: string; readonly line: number } | null;
  /** The same instant where the reader is, such as `2030-01-31 09:15:00 +01:00`; null where that is UTC. */
  readonly localTime: (iso: string) => string | null;
}

/** A part of a line that leads to a file of the project. */
export interface AuditLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly file: string;
  /** Counts from one. */
  readonly atLine?: number;
}

export interface AuditText {
  readonly title: string;
  readonly text: string;
  readonly links: readonly AuditLink[];
}

type Fact = readonly [label: string, value: string | undefined, file?: string];

/** Columns of a label with its value behind it. */
const LABEL_COLUMNS = 10;

/**
 * Everything that the record says of an identity, newest first, as a page: when, what, by whom and why, of which credential,
 * where to, and whether the chain holds there. Its parts begin at the margin, so they fold.
 */
export function auditText(input: AuditInput): AuditText {
  const { subject, verified, declaredAt } = input;
  const events = input.events.filter(
    ({ machine }) => subject.machine === undefined || machine === subject.machine,
  );
  const lines: string[] = [];
  const links: AuditLink[] = [];
  const fact = ([label, value, file]: Fact, atLine?: number): void => {
    if (value === undefined || value === '') return;
    const lead = `    ${label.padEnd(LABEL_COLUMNS)}  `;
    const shown = visible(value, 500);
    if (file !== undefined) {
      const at = { line: lines.length, start: lead.length, end: lead.length + shown.length, file };
      links.push(atLine === undefined ? at : { ...at, atLine });
    }
    lines.push(`${lead}${shown}`);
  };
  const title = `Audit of ${formatSubject(subject)}`;
  lines.push(title);
  fact([
    'events',
    events.length === 0 ? 'none: nothing was recorded of it yet' : `${events.length}, newest first`,
  ]);
  fact(['record', recordSentence(verified)]);
  if (declaredAt === null) fact(['manifest', 'none declares it any more']);
  else fact(['manifest', `${declaredAt.file}:${declaredAt.line}`, declaredAt.file], declaredAt.line);
  const problems = new Map((verified?.problems ?? []).map(({ file, what }) => [file, what]));
  for (const event of [...events].reverse()) {
    lines.push('', headline(event, input.localTime));
    for (const each of facts(event, verified === null ? undefined : problems)) fact(each);
  }
  lines.push('');
  return { title, text: lines.join('\n'), links };
}

function recordSentence(verified: AuditInput['verified']): string {
  if (verified === null) return 'not verified: the folder is not trusted';
  const of = `${plural(verified.events, 'event')} of ${plural(verified.clones, 'clone')} in all`;
  return verified.problems.length === 0
    ? `whole: the chain holds (${of})`
    : `NOT WHOLE: ${plural(verified.problems.length, 'problem')} (${of}); \`idac log verify\` lists them`;
}

function headline(event: IdentityEvent, localTime: AuditInput['localTime']): string {
  const local = localTime(event.at);
  const when = `${event.at.slice(0, 19).replace('T', ' ')} UTC${local === null ? '' : ` (${local})`}`;
  const where = event.machine === undefined ? '' : ` on ${event.machine}`;
  return visible(`${when}  ${whatHappened(event)}${where}`);
}

function whatHappened(event: IdentityEvent): string {
  switch (event.type) {
    case 'issued':
      return 'issued';
    case 'adopted':
      return 'adopted';
    case 'delivered':
      return 'delivered';
    case 'verified':
      return event.checks.every(({ ok }) => ok) ? 'verified' : 'verified, NOT good';
    case 'superseded':
      return 'superseded';
    case 'revoked':
      return `revoked, ${event.reason}`;
    case 'destroyed':
      return 'key' in event.what ? 'secret destroyed' : 'copy destroyed';
    case 'forgotten':
      return 'undone';
    case 'abandoned':
      return `${event.verb} given up`;
    default:
      return event satisfies never;
  }
}

function facts(event: IdentityEvent, problems: ReadonlyMap<string, string> | undefined): readonly Fact[] {
  const file = eventFile(event);
  const { clone, sequence } = event.chain;
  const problem = problems?.get(file);
  const holds =
    problems === undefined ? 'not verified' : problem === undefined ? 'holds' : `DOES NOT HOLD: ${problem}`;
  return [
    ['by', `${event.actor.name}, with ${event.actor.tool}`],
    ['why', event.because],
    ...ownFacts(event),
    ['plan', event.planId],
    ['chain', `number ${sequence} of clone ${clone}: ${holds}`],
    ['file', file, file],
  ];
}

function ownFacts(event: IdentityEvent): readonly Fact[] {
  switch (event.type) {
    case 'issued':
    case 'adopted':
      return beginningFacts(event);
    case 'delivered': {
      const { path, backend, contents, version } = event.copy;
      return [
        ['to', `${path} at ${backend}`],
        ['contents', contents.join(', ')],
        ['version', version],
      ];
    }
    case 'verified':
      return event.checks.map(
        ({ what, ok, detail }): Fact => [ok ? 'good' : 'NOT good', `${what}: ${detail}`],
      );
    case 'superseded':
      return [['by newer', event.by]];
    case 'revoked':
      return [
        ['serial', event.serialNumber],
        ['at', `${event.backend}, ${formatInstant(event.revokedAt)}`],
      ];
    case 'destroyed':
      return 'key' in event.what
        ? []
        : [
            ['copy', `${event.what.copy.path} at ${event.what.copy.backend}`],
            ['contents', event.what.copy.contents.join(', ')],
          ];
    case 'forgotten':
      return [['because', event.why]];
    case 'abandoned':
      return event.left.map((step): Fact => [event.undoing ? 'not undone' : 'not done', leftStepText(step)]);
    default:
      return event satisfies never;
  }
}

function beginningFacts(event: Extract<IdentityEvent, { readonly credential: unknown }>): readonly Fact[] {
  const { credential, backend } = event;
  const { notBefore, notAfter } = credential;
  const found: readonly Fact[] =
    event.type === 'adopted' ? event.files.map((file): Fact => ['found in', file, file]) : [];
  return [
    ['from', [backend, credential.issuer].filter((part) => part !== null && part !== '').join(', ')],
    ['subject', credential.subject],
    ['serial', credential.serialNumber],
    ['valid', `${formatInstant(notBefore)} to ${notAfter === NO_END ? 'no end' : formatInstant(notAfter)}`],
    ['key', keyText(event)],
    ['SHA-256', credential.fingerprintSha256],
    ['of the key', credential.spkiSha256],
    ['replaces', event.replaces.join(', ')],
    ...found,
  ];
}

function keyText({
  key,
  credential,
}: Extract<IdentityEvent, { readonly credential: unknown }>): string | undefined {
  const algorithm = key?.algorithm ?? credential.keyAlgorithm;
  if (key === undefined) return algorithm;
  const place = key.store === undefined ? `origin ${key.origin}` : `in ${key.store}`;
  return `${algorithm}, ${place}${key.keyId === undefined ? '' : ` as ${key.keyId}`}`;
}
