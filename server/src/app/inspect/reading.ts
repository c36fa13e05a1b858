/** One file of credentials, read and kept for as long as it is looked at. Nothing private is in it. */
import type { DecodedCertificate } from '../../core/credential/certificate.ts';
import { drained } from '../../core/credential/inspect/derItems.ts';
import type { CredentialItem } from '../../core/credential/inspect/item.ts';
import { withKeyProblems } from '../../core/credential/inspect/keyProblems.ts';
import { mayBeText } from '../../core/credential/inspect/mayBeText.ts';
import { readingSteps } from '../../core/credential/inspect/readCredentials.ts';
import { findSharedKeys } from '../../core/credential/inspect/sharedKeys.ts';
import type { PublicKeys } from '../../core/keys/weak/weakKeys.ts';
import type { LintChoice } from '../../core/lint/lintRule.ts';
import type { Secret } from '../../core/secret.ts';
import type { WeakKeyOptions } from '../weakKeys/tools.ts';
import { inspectContext } from './context.ts';
import { inTurns } from './inTurns.ts';
import { readInput } from './readInput.ts';

export interface Reading {
  readonly items: readonly CredentialItem[];
  /** A text editor can show it. */
  readonly isText: boolean;
  /** Those of the items that could be read whole, in the order of the file. */
  readonly certificates: readonly DecodedCertificate[];
  /** DER of revocation lists, by fingerprint. */
  readonly revocationLists: ReadonlyMap<string, Uint8Array>;
  /** DER of the public keys, by hash. */
  readonly keys: PublicKeys;
}

export type FileReading =
  | ({ readonly kind: 'read' } & Reading)
  | { readonly kind: 'too-large'; readonly limit: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface ReadingOptions {
  readonly now: Date;
  readonly password?: Secret<string>;
  readonly lint?: LintChoice;
}

/** What an editor shows. Larger files are for the command line. */
const VIEW_LIMIT = 10 * 1024 * 1024;

export async function readCredentialFile(
  file: string,
  name: string,
  options: ReadingOptions,
  signal: AbortSignal,
  limit = VIEW_LIMIT,
): Promise<FileReading> {
  const content = await readInput(file, false, signal, limit);
  switch (content.kind) {
    case 'bytes':
      return { kind: 'read', ...(await readLargeBytes(name, content.bytes, options, signal)) };
    case 'folder':
      return { kind: 'unreadable', reason: 'it is a folder' };
    case 'special':
      return { kind: 'unreadable', reason: 'it is a device, a pipe or a socket' };
    case 'too-large':
      return { kind: 'too-large', limit };
    case 'unreadable':
      return content;
    default:
      return content satisfies never;
  }
}

/** Of what is small: it is read at once. */
export function readCredentialBytes(name: string, bytes: Uint8Array, options: ReadingOptions): Reading {
  return drained(steps(name, bytes, options));
}

/** A bundle of thousands of certificates takes seconds: others have their turn meanwhile, and it can be given up. */
export function readLargeBytes(
  name: string,
  bytes: Uint8Array,
  options: ReadingOptions,
  signal: AbortSignal,
): Promise<Reading> {
  return inTurns(steps(name, bytes, options), signal);
}

/** With what is wrong with its keys; that takes longer than to read them. */
export async function withWeakKeys(
  reading: Reading,
  options: WeakKeyOptions,
  signal: AbortSignal,
): Promise<Reading> {
  const { findWeakKeys } = await import('../weakKeys/findWeakKeys.ts');
  const problems = await findWeakKeys(reading.keys, options, signal);
  return { ...reading, items: withKeyProblems(reading.items, problems) };
}

function* steps(name: string, bytes: Uint8Array, options: ReadingOptions): Generator<void, Reading> {
  const certificates: DecodedCertificate[] = [];
  const revocationLists = new Map<string, Uint8Array>();
  const keys = new Map<string, Uint8Array>();
  const keep = {
    publicKey: (spkiSha256: string, spki: Uint8Array) => void keys.set(spkiSha256, spki),
    certificate: (decoded: DecodedCertificate) => void certificates.push(decoded),
    revocationList: (fingerprint: string, der: Uint8Array) => void revocationLists.set(fingerprint, der),
  };
  const found = yield* readingSteps(name, bytes, true, inspectContext({ ...options, keep }));
  const items = findSharedKeys(found).items;
  return { items, isText: mayBeText(bytes), certificates, revocationLists, keys };
}
