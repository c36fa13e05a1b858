/** `inspect`: what credentials are in these files, and what is wrong with them. */
import path from 'node:path';
import type { DecodedCertificate } from '../core/credential/certificate.ts';
import { credentialUnreadable } from '../core/credential/findings/credentialUnreadable.ts';
import type { CredentialItem } from '../core/credential/inspect/item.ts';
import { withKeyProblems } from '../core/credential/inspect/keyProblems.ts';
import { withPairMismatches } from '../core/credential/inspect/pairMismatches.ts';
import { findingAt, itemAt, type Keep, placeOfFile } from '../core/credential/inspect/place.ts';
import { CREDENTIAL_NAME, readingSteps } from '../core/credential/inspect/readCredentials.ts';
import { findSharedKeys, type SharedKey } from '../core/credential/inspect/sharedKeys.ts';
import type { SshRevokedKeys } from '../core/credential/ssh/revokedKeys.ts';
import type { LintChoice } from '../core/lint/lintRule.ts';
import type { Secret } from '../core/secret.ts';
import { inspectContext } from './inspect/context.ts';
import { inTurns } from './inspect/inTurns.ts';
import type { JudgedPath } from './inspect/judgedPath.ts';
import { judgePaths, type PathQuestion } from './inspect/judgePaths.ts';
import { readInput, SIZE_LIMIT } from './inspect/readInput.ts';
import { readRevokedKeys } from './inspect/readRevokedKeys.ts';
import { walkFolder } from './inspect/walkFolder.ts';
import { findWeakKeys } from './weakKeys/findWeakKeys.ts';
import type { WeakKeyOptions } from './weakKeys/tools.ts';

/** A path of a file or folder, or what was read already (standard input). */
export type InspectInput = string | { readonly path: string; readonly bytes: Uint8Array };

export interface InspectOptions extends WeakKeyOptions {
  /** The clock that decides expiry. */
  readonly now: Date;
  /** For encrypted keys and PKCS#12; an empty one is tried in any case. */
  readonly password?: Secret<string>;
  /** Folder that relative paths start from; items keep the path as it was given. */
  readonly cwd?: string;
  /** Certificates are judged: whether they hold up to what is trusted. */
  readonly question?: PathQuestion;
  /** By whose rules certificates are linted; absent: they are not. */
  readonly lint?: LintChoice;
  /** Files of revoked SSH keys, which are looked for in them. */
  readonly revokedKeys?: readonly string[];
}

/** Files met in folders that gave no item, by the reason. */
export interface SkippedFiles {
  readonly noCredential: number;
  /** Another name of a file that was read. */
  readonly sameFile: number;
  readonly tooLarge: number;
  /** Devices, sockets, pipes. */
  readonly special: number;
  /** Folders not gone into: links, git's own. */
  readonly folders: number;
}

export interface InspectReport {
  readonly items: readonly CredentialItem[];
  readonly shared: readonly SharedKey[];
  readonly skipped: SkippedFiles;
  /** Those by name, the first of them. */
  readonly leftOut: readonly LeftOut[];
  /** Where that was asked, by the fingerprint of the certificate. */
  readonly judged: ReadonlyMap<string, JudgedPath>;
}

export interface LeftOut {
  readonly file: string;
  readonly why: keyof SkippedFiles;
}

/** A folder may hold a million files without a credential. */
const MOST_LEFT_OUT = 1000;

/** Every file that is named gives at least one item; what cannot be read is an item with a finding. */
export async function inspectFiles(
  inputs: readonly InspectInput[],
  options: InspectOptions,
  signal: AbortSignal,
): Promise<InspectReport> {
  const { revokedKeys = [], cwd = '' } = options;
  const lists = await readRevokedKeys(revokedKeys, cwd, signal);
  const inspection = startInspection(options, lists, signal);
  for (const input of inputs) {
    signal.throwIfAborted();
    if (typeof input === 'string') await inspection.readPath(input);
    else await inspection.decode(slashes(input.path), input.bytes, true);
  }
  const { items: read, shared } = findSharedKeys(withPairMismatches(inspection.items));
  const checked = withKeyProblems(read, await findWeakKeys(inspection.keys, options, signal));
  const { items, judged } =
    options.question === undefined
      ? { items: checked, judged: new Map<string, JudgedPath>() }
      : await judgePaths(checked, inspection.certificates, options.question, options, signal);
  return { items, shared, judged, skipped: inspection.skipped, leftOut: inspection.leftOut };
}

function startInspection(
  options: InspectOptions,
  sshRevokedKeys: readonly SshRevokedKeys[],
  signal: AbortSignal,
) {
  const keys = new Map<string, Uint8Array>();
  const certificates: DecodedCertificate[] = [];
  const keep: Keep = {
    publicKey: (spkiSha256, spki) => void keys.set(spkiSha256, spki),
    ...(options.question === undefined ? {} : { certificate: (each) => void certificates.push(each) }),
  };
  const context = inspectContext({ ...options, keep, sshRevokedKeys });
  const items: CredentialItem[] = [];
  const skipped = { noCredential: 0, sameFile: 0, tooLarge: 0, special: 0, folders: 0 };
  const leftOut: LeftOut[] = [];
  const leave = (file: string, why: keyof SkippedFiles): void => {
    skipped[why]++;
    if (leftOut.length < MOST_LEFT_OUT) leftOut.push({ file, why });
  };
  const seen = new Set<string>();
  const onDisk = (file: string): string => path.resolve(options.cwd ?? '', file);
  const unreadable = (file: string, reason: string): void => {
    const place = placeOfFile(file, context);
    const findings = [findingAt(place, credentialUnreadable, `the file was not read: ${reason}`)];
    items.push(itemAt(place, 'unknown', null, { findings }));
  };
  const decode = async (file: string, bytes: Uint8Array, asked: boolean): Promise<void> => {
    const found = await inTurns(readingSteps(file, bytes, asked, context), signal);
    if (found.length === 0) leave(file, 'noCredential');
    for (const item of found) items.push(item);
  };

  const readFile = async (file: string, asked: boolean): Promise<void> => {
    const content = await readInput(onDisk(file), asked, signal);
    const answered = asked || CREDENTIAL_NAME.test(file);
    switch (content.kind) {
      case 'bytes':
        if (!asked && seen.has(content.id)) leave(file, 'sameFile');
        else await decode(file, content.bytes, asked);
        seen.add(content.id);
        return;
      case 'folder':
        // Only a folder that is named comes here: those below it are walked.
        await readFolder(file);
        return;
      case 'special':
        if (asked) unreadable(file, 'it is a device or a socket');
        else leave(file, 'special');
        return;
      case 'too-large':
        if (answered) unreadable(file, `it is larger than ${SIZE_LIMIT / (1024 * 1024)} MiB`);
        else leave(file, 'tooLarge');
        return;
      case 'unreadable':
        unreadable(file, content.reason);
        return;
      default:
        content satisfies never;
    }
  };

  const readFolder = async (folder: string): Promise<void> => {
    for await (const met of walkFolder(onDisk(folder), signal)) {
      const shown = slashes(path.join(folder, path.relative(onDisk(folder), met.path)));
      switch (met.kind) {
        case 'file':
          await readFile(shown, false);
          break;
        case 'omitted':
          leave(shown, 'folders');
          break;
        case 'unreadable':
          unreadable(shown, met.reason);
          break;
        default:
          met satisfies never;
      }
    }
  };

  return {
    items,
    keys,
    certificates,
    skipped,
    leftOut,
    decode,
    readPath: (file: string) => readFile(slashes(file), true),
  };
}

function slashes(file: string): string {
  return path.sep === '/' ? file : file.replaceAll(path.sep, '/');
}
