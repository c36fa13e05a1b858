import { toHex } from '../../../core/credential/octets.ts';
import type { IdentityId } from '../../../core/identity/identityId.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../../core/lifecycle/event.ts';
import type { Hasher } from '../../../core/ports.ts';
import type { LedgerFacts } from '../../contract.ts';
import { parseIdentityFields } from '../../identityFields.ts';
import { isRecord } from '../../jsonFile.ts';
import type { Need } from '../capabilities.ts';
import { mapLimited } from '../limited.ts';
import type { Entry, Shelf } from './shelf.ts';

/** What is noted before the server is asked: who asks for what, for which key. */
export interface Note {
  readonly requestId: string;
  /** Digest of all that was asked for beside the key. */
  readonly requestDigest: string;
  /** Absent for what is over no key, or over one that is not made yet. */
  readonly spkiSha256?: string;
  /** By what a certificate can be told whose key the server is to make. */
  readonly awaited?: Awaited;
  readonly identity: IdentityId;
  readonly machine?: string;
  /** ISO 8601. */
  readonly notedAt: string;
}

export interface Awaited {
  /** ISO 8601: the second at which it ends, chosen for this request alone. */
  readonly notAfter: string;
  /** ISO 8601, by the server's clock: the earliest start of its validity. */
  readonly notBefore: string;
  /** Digest of its names and its key's algorithm. */
  readonly digest: string;
}

/** What is added once the server answered. `material` is the credential's public text. */
export interface Answer extends Pick<LedgerFacts, 'serialNumber' | 'issuedAt' | 'notAfter'> {
  readonly material: readonly string[];
  /** Of the key, where it was made with the answer. */
  readonly spkiSha256?: string;
  /** Hex; leads from a token that somebody presents to this line. */
  readonly fingerprintSha256?: string;
}

export interface NotedRevocation {
  readonly reason: RevocationReason;
  /** ISO 8601; absent where the server itself keeps it. */
  readonly at?: string;
}

export interface Line {
  readonly note: Note;
  readonly answer: Answer | undefined;
}

/**
 * The server keeps no request ids and no identities, so they are noted beside it: first that a request is about to be
 * made, under its id and under marks that lead to it, then what came of it. A note without an answer is a run that ended
 * in between: then the server itself is searched, by key.
 */
export interface Ledger {
  /** False: the request id was noted before; then `byRequest` says for what. */
  note(note: Note, signal: AbortSignal): Promise<boolean>;
  /** Takes a note back: the server refused, and made nothing. */
  withdraw(requestId: string, signal: AbortSignal): Promise<void>;
  answer(requestId: string, answer: Answer, signal: AbortSignal): Promise<void>;
  /** Makes room for another answer, for what was ended and made anew under one request id. */
  forgetAnswer(requestId: string, signal: AbortSignal): Promise<void>;
  byRequest(requestId: string, signal: AbortSignal): Promise<Line | undefined>;
  bySerialNumber(serialNumber: string, signal: AbortSignal): Promise<Line | undefined>;
  byKey(spkiSha256: string, signal: AbortSignal): Promise<readonly Line[]>;
  byFingerprint(fingerprintSha256: string, signal: AbortSignal): Promise<Line | undefined>;
  byIdentity(identity: IdentityId, signal: AbortSignal): Promise<readonly Line[]>;
  /** Why something was revoked, and where the server does not keep it when; the first one counts. */
  revocation(serialNumber: string, signal: AbortSignal): Promise<NotedRevocation | undefined>;
  reason(serialNumber: string, signal: AbortSignal): Promise<RevocationReason | undefined>;
  noteReason(serialNumber: string, reason: RevocationReason, signal: AbortSignal, at?: string): Promise<void>;
  /** What a login needs on the server for a note and its answer, or for a reason; nothing where the ledger is elsewhere. */
  needs(entry: 'note' | 'reason'): readonly Need[];
}

export function openLedger(shelf: Shelf, hasher: Hasher): Ledger {
  const digest = (...parts: readonly string[]): string =>
    toHex(hasher.hash('sha256', new TextEncoder().encode(JSON.stringify(parts)))).slice(0, 40);
  const ofIdentity = ({ apiVersion, kind, namespace, name }: IdentityId): string =>
    `identities/${digest(apiVersion, kind, namespace, name)}`;
  const ofKey = (spkiSha256: string): string => `keys/${spkiSha256.slice(0, 40)}`;

  async function lineOf(request: string, signal: AbortSignal): Promise<Line | undefined> {
    const [noted, answered] = await Promise.all([
      shelf.get(`requests/${request}`, signal),
      shelf.get(`answers/${request}`, signal),
    ]);
    const note = noted === undefined ? undefined : parseNote(noted);
    return note && { note, answer: answered === undefined ? undefined : parseAnswer(answered) };
  }

  /** Oldest first. A mark whose note is missing means nothing: that run ended before it asked. */
  async function marked(folder: string, signal: AbortSignal): Promise<readonly Line[]> {
    const found = await mapLimited(await shelf.list(folder, signal), (request) => lineOf(request, signal));
    const lines = found.filter((line) => line !== undefined);
    return lines.sort((a, b) =>
      a.note.notedAt < b.note.notedAt ? -1 : a.note.notedAt > b.note.notedAt ? 1 : 0,
    );
  }

  async function led(mark: string, signal: AbortSignal): Promise<Line | undefined> {
    const request = (await shelf.get(mark, signal))?.['request'];
    return typeof request === 'string' && /^[0-9a-f]{40}$/.test(request)
      ? lineOf(request, signal)
      : undefined;
  }

  async function revocation(serialNumber: string, signal: AbortSignal): Promise<NotedRevocation | undefined> {
    const mark = await shelf.get(`revoked/${serialNumber}`, signal);
    const reason = REVOCATION_REASONS.find((each) => each === mark?.['reason']);
    const at = mark?.['at'];
    return reason && { reason, ...(typeof at === 'string' ? { at } : {}) };
  }

  return {
    needs: (entry) =>
      (entry === 'note' ? ['requests', 'identities', 'serials', 'answers'] : ['revoked']).flatMap(
        (folder) => shelf.needs?.(`${folder}/${ANY_ENTRY}`) ?? [],
      ),
    async note(note, signal) {
      const request = digest(note.requestId);
      // All of them before the server is asked: no certificate is ever without its marks.
      const [isNew] = await Promise.all([
        shelf.create(`requests/${request}`, { schemaVersion: 1, ...note }, signal),
        shelf.create(`${ofIdentity(note.identity)}/${request}`, { request }, signal),
        ...(note.spkiSha256 === undefined
          ? []
          : [shelf.create(`${ofKey(note.spkiSha256)}/${request}`, { request }, signal)]),
      ]);
      return isNew;
    },
    withdraw: (requestId, signal) => shelf.remove(`requests/${digest(requestId)}`, signal),
    async answer(requestId, answer, signal) {
      const request = digest(requestId);
      const { serialNumber, fingerprintSha256: fingerprint, spkiSha256 } = answer;
      await Promise.all([
        shelf.create(`serials/${serialNumber}`, { request }, signal),
        ...(spkiSha256 === undefined
          ? []
          : [shelf.create(`${ofKey(spkiSha256)}/${request}`, { request }, signal)]),
        ...(fingerprint === undefined ? [] : [shelf.create(`tokens/${fingerprint}`, { request }, signal)]),
      ]);
      await shelf.create(`answers/${request}`, { schemaVersion: 1, ...answer }, signal);
    },
    forgetAnswer: (requestId, signal) => shelf.remove(`answers/${digest(requestId)}`, signal),
    byRequest: (requestId, signal) => lineOf(digest(requestId), signal),
    bySerialNumber: async (serialNumber, signal) =>
      isMark(serialNumber) ? led(`serials/${serialNumber}`, signal) : undefined,
    byFingerprint: async (fingerprint, signal) =>
      isMark(fingerprint) ? led(`tokens/${fingerprint}`, signal) : undefined,
    byKey: async (spkiSha256, signal) =>
      (await marked(ofKey(spkiSha256), signal)).filter(
        ({ note, answer }) => (note.spkiSha256 ?? answer?.spkiSha256) === spkiSha256,
      ),
    byIdentity: async (identity, signal) => {
      const folder = ofIdentity(identity);
      return (await marked(folder, signal)).filter(({ note }) => ofIdentity(note.identity) === folder);
    },
    revocation,
    reason: async (serialNumber, signal) => (await revocation(serialNumber, signal))?.reason,
    async noteReason(serialNumber, reason, signal, at) {
      await shelf.create(`revoked/${serialNumber}`, { reason, ...(at === undefined ? {} : { at }) }, signal);
    },
  };
}

/** Policies are written for all entries of a folder. */
const ANY_ENTRY = 'any';

/** Serial numbers and accessors: a mark of any other look is none of ours, and must not lead elsewhere. */
function isMark(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?$/.test(text) && !text.includes('..');
}

function parseNote(value: Entry): Note | undefined {
  const { requestId, requestDigest, spkiSha256, machine, notedAt } = value;
  const awaited = parseAwaited(value['awaited']);
  const identity = parseIdentityFields(value['identity']);
  return value['schemaVersion'] === 1 &&
    typeof requestId === 'string' &&
    typeof requestDigest === 'string' &&
    (spkiSha256 === undefined || typeof spkiSha256 === 'string') &&
    typeof notedAt === 'string' &&
    identity !== undefined
    ? {
        requestId,
        requestDigest,
        ...(spkiSha256 === undefined ? {} : { spkiSha256 }),
        ...(awaited === undefined ? {} : { awaited }),
        identity,
        ...(typeof machine === 'string' ? { machine } : {}),
        notedAt,
      }
    : undefined;
}

function parseAwaited(value: unknown): Awaited | undefined {
  if (!isRecord(value)) return undefined;
  const { notAfter, notBefore, digest } = value;
  return typeof notAfter === 'string' && typeof notBefore === 'string' && typeof digest === 'string'
    ? { notAfter, notBefore, digest }
    : undefined;
}

function parseAnswer(value: Entry): Answer | undefined {
  const { serialNumber, issuedAt, notAfter, material, fingerprintSha256, spkiSha256 } = value;
  return value['schemaVersion'] === 1 &&
    typeof serialNumber === 'string' &&
    typeof issuedAt === 'string' &&
    typeof notAfter === 'string' &&
    Array.isArray(material) &&
    material.every((each) => typeof each === 'string')
    ? {
        serialNumber,
        issuedAt,
        notAfter,
        material,
        ...(typeof fingerprintSha256 === 'string' ? { fingerprintSha256 } : {}),
        ...(typeof spkiSha256 === 'string' ? { spkiSha256 } : {}),
      }
    : undefined;
}
