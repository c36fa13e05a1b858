/**
 * `.identity/not-secrets.yaml`: findings of a scan that somebody looked at and judged to be no secret. An entry goes by rule,
 * keyed hash of the value and path, and never by line or commit: it survives what moves around the value, and does not cover
 * another value that comes to stand at its place.
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { Finding } from '../../finding.ts';
import { isDay } from '../../text/day.ts';
import type { Range } from '../../text/position.ts';
import { relativePathProblem } from '../../text/relativePath.ts';
import { LONGEST_NOT_SECRETS, NOT_SECRETS_FILE } from './fileName.ts';
import { NOT_SECRET_MALFORMED } from './rules.ts';

export interface NotSecret {
  readonly rule: string;
  /** `hmac-sha256:` and the hash in base64url, by the salt of the file. */
  readonly hash: string;
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly reason: string;
  /** The last day on which it holds, `2030-01-31` in UTC. */
  readonly until: string;
}

export interface PlacedNotSecret extends NotSecret {
  /** Of the entry in the file. */
  readonly range: Range;
}

export interface NotSecrets {
  /** Base64url. Public: it keeps the hashes of two repositories from being compared. */
  readonly salt: string;
  readonly entries: readonly PlacedNotSecret[];
  /** On what is wrong with the file. */
  readonly findings: readonly Finding[];
}

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const SALT = /^[A-Za-z0-9_-]{22,86}$/;
const HASH = /^hmac-sha256:[A-Za-z0-9_-]{43}$/;

/** Of a file that is not even opened: `why`, such as `it is a link`. */
export function unreadNotSecrets(why: string, file: string = NOT_SECRETS_FILE): NotSecrets {
  const { id: rule, severity } = NOT_SECRET_MALFORMED;
  const message = `this file is not read: ${why}; nothing of it counts`;
  return {
    salt: '',
    entries: [],
    findings: [{ rule, severity, message, file, range: START, related: [], fixes: [] }],
  };
}

/** Never throws: what is wrong is told, and what is right counts. */
export function readNotSecrets(text: string, file: string = NOT_SECRETS_FILE): NotSecrets {
  const findings: Finding[] = [];
  const entries: PlacedNotSecret[] = [];
  const told = (message: string, range: Range): void => {
    const { id: rule, severity } = NOT_SECRET_MALFORMED;
    findings.push({ rule, severity, message, file, range, related: [], fixes: [] });
  };
  const nothing = (message: string, range: Range = START): NotSecrets => {
    told(`${message}; nothing of it counts`, range);
    return { salt: '', entries: [], findings };
  };
  if (text.length > LONGEST_NOT_SECRETS) return nothing('this file is longer than anybody can have judged');
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, version: '1.2' });
  const rangeOf = (node: { readonly range?: readonly number[] | null | undefined } | null): Range => {
    const [start = 0, end = start] = node?.range ?? [];
    return { start: placeOf(counter, start), end: placeOf(counter, end) };
  };
  const [broken] = document.errors;
  if (broken !== undefined) {
    const range = { start: placeOf(counter, broken.pos[0]), end: placeOf(counter, broken.pos[1]) };
    return nothing('this file cannot be read as YAML', range);
  }
  const root = document.contents;
  if (root === null) return { salt: '', entries, findings };
  if (!isMap(root)) return nothing('this file has "salt" and "entries"', rangeOf(null));
  const salt = textOf(root, 'salt');
  if (salt === undefined || !SALT.test(salt))
    return nothing('"salt" is missing or is not what `idac accept` wrote');
  const list = root.get('entries', true) as unknown;
  if (!isSeq(list)) return nothing('"entries" is missing or is no list');
  for (const item of list.items) {
    const range = rangeOf(item as { readonly range?: readonly number[] | null });
    const entry = isMap(item) ? entryOf(item) : 'an entry has "rule", "hash", "path", "reason" and "until"';
    if (typeof entry === 'string') told(`${entry}; this entry has no effect`, range);
    else entries.push({ ...entry, range });
  }
  return { salt, entries, findings };
}

/** What is wrong with it, in words, or the entry. */
function entryOf(item: YAMLMap): NotSecret | string {
  const rule = textOf(item, 'rule');
  const hash = textOf(item, 'hash');
  const path = textOf(item, 'path');
  const reason = textOf(item, 'reason');
  const until = textOf(item, 'until');
  if (!rule?.startsWith('secret/')) return 'name the rule of the finding: "rule: secret/…"';
  if (hash === undefined || !HASH.test(hash))
    return '"hash" is no keyed hash of a value; `idac accept` makes it';
  const problem = path === undefined ? 'it is missing' : relativePathProblem(path);
  if (path === undefined || problem !== undefined) return `"path" names no file of the project: ${problem}`;
  if (reason === undefined || reason.trim() === '') return 'say why it is no secret: "reason: …"';
  if (until === undefined || !isDay(until)) return 'say until which day that holds: "until: YYYY-MM-DD"';
  return { rule, hash, path, reason, until };
}

function textOf(map: YAMLMap, name: string): string | undefined {
  const node = map.get(name, true) as unknown;
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
}

function placeOf(counter: LineCounter, offset: number): Range['start'] {
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(0, line - 1), character: Math.max(0, col - 1) };
}
