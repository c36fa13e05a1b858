/** The judgements of a project on what a scan finds: `.identity/not-secrets.yaml` read, applied, and added to. */
import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { addNotSecret } from '../../core/secrets/notSecrets/addNotSecret.ts';
import { LONGEST_NOT_SECRETS, NOT_SECRETS_FILE } from '../../core/secrets/notSecrets/fileName.ts';
import {
  type NotSecret,
  type NotSecrets,
  readNotSecrets,
  unreadNotSecrets,
} from '../../core/secrets/notSecrets/notSecretsFile.ts';
import { type SetAside, setAside } from '../../core/secrets/notSecrets/setAside.ts';
import { isBelow } from '../../core/text/relativePath.ts';
import { readOwnText } from '../../platform/disk/ownText.ts';
import { pathBelow, relativeTo } from '../projectRoot.ts';
import type { ScannedFinding } from './openScanner.ts';
import type { Scanned } from './scanTree.ts';

const CARRIAGE_RETURN = 0x0d;

/** Line ends do not count: git changes them on the way to a work tree. */
function hashOfValue(salt: string, value: Uint8Array): string {
  const hash = createHmac('sha256', Buffer.from(salt, 'base64url'));
  return `hmac-sha256:${hash.update(value.filter((octet) => octet !== CARRIAGE_RETURN)).digest('base64url')}`;
}

/**
 * Undefined: the project has none. No link is followed and nothing but a file is read, since this is looked for wherever
 * somebody looks. `file`: as findings name it.
 */
export function notSecretsOf(project: string, file: string = NOT_SECRETS_FILE): NotSecrets | undefined {
  const read = readOwnText(project, NOT_SECRETS_FILE, LONGEST_NOT_SECRETS);
  if (read.kind === 'absent') return undefined;
  return read.kind === 'text' ? readNotSecrets(read.text, file) : unreadNotSecrets(read.why, file);
}

export interface LookedAt {
  /** What paths of findings are relative to. */
  readonly root: string;
  /** Folders and files below it that were read whole; empty where git was asked for contents. */
  readonly starts: readonly string[];
}

export interface JudgedScan {
  readonly findings: readonly ScannedFinding[];
  readonly aside: readonly SetAside<ScannedFinding>[];
  /** On the file of judgements itself. */
  readonly about: readonly Finding[];
}

type Judgeable = Pick<Scanned, 'findings' | 'skipped' | 'octetsOf'>;

/** What of a scan is left once those that somebody judged to be no secret are set aside. */
export async function judgedScan(
  scan: Judgeable,
  lookedAt: LookedAt,
  project: string,
  now: Date,
): Promise<JudgedScan> {
  const known = notSecretsOf(project, relativeTo(lookedAt.root, path.join(project, NOT_SECRETS_FILE)));
  if (known === undefined) return { findings: scan.findings, aside: [], about: [] };
  return judgedBy(known, scan, lookedAt, project, now);
}

/** The same by what was read before. Waits for nothing but the octets. */
export async function judgedBy(
  { salt, entries, findings: malformed }: NotSecrets,
  { findings, skipped, octetsOf }: Judgeable,
  { root, starts }: LookedAt,
  project: string,
  now: Date,
): Promise<JudgedScan> {
  const file = relativeTo(root, path.join(project, NOT_SECRETS_FILE));
  const judged = await setAside(findings, {
    entries,
    file,
    now,
    ruleOf: ({ finding }) => finding.rule,
    pathOf({ finding }) {
      return pathBelow(project, path.join(root, finding.file));
    },
    async hashOf(found) {
      const value = await octetsOf(found);
      return value && hashOfValue(salt, value);
    },
    wasLookedAt(named) {
      const seen = relativeTo(root, path.join(project, named));
      return (
        starts.some((start) => isBelow(seen, start)) && !skipped.some((each) => isBelow(seen, each.path))
      );
    },
  });
  return { findings: judged.left, aside: judged.aside, about: [...malformed, ...judged.findings] };
}

/**
 * The text of the project's file with one more judgement. Undefined where the file as it is cannot be read: it is corrected
 * first, since nothing in it counts.
 */
export function withJudgement(
  text: string | undefined,
  value: Uint8Array,
  judgement: Omit<NotSecret, 'hash'>,
): string | undefined {
  const salt = text === undefined ? randomBytes(24).toString('base64url') : readNotSecrets(text).salt;
  if (salt === '') return undefined;
  return addNotSecret(text, salt, { ...judgement, hash: hashOfValue(salt, value) });
}
