import type { Finding } from '../../finding.ts';
import type { LintChoice } from '../../lint/lintRule.ts';
import type { Decryptor, Hasher, SignatureVerifier } from '../../ports.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { Secret } from '../../secret.ts';
import type { Range } from '../../text/position.ts';
import type { DecodedCertificate } from '../certificate.ts';
import { credentialDamaged } from '../findings/credentialDamaged.ts';
import { toHex } from '../octets.ts';
import type { Problem } from '../problem.ts';
import { type RoundBudget, roundBudget } from '../roundBudget.ts';
import type { PublicKeyFacts } from '../spki.ts';
import type { SshRevokedKeys } from '../ssh/revokedKeys.ts';
import { BLANK, type CredentialFormat, type CredentialItem, type CredentialType } from './item.ts';

/** The ports and the facts from outside that decoding needs. */
export interface InspectContext {
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
  readonly decryptor: Decryptor;
  readonly now: Date;
  readonly password?: Secret<string>;
  readonly keep?: Keep;
  /** Certificates are linted: by what they say that they are, or by the rules of this profile. Absent: they are not. */
  readonly lint?: LintChoice;
  /** SSH keys and certificates are looked for in them. */
  readonly sshRevokedKeys?: readonly SshRevokedKeys[];
}

/** For who goes on with what was decoded: builds paths, pages through long lists, compares keys. None of it is private. */
export interface Keep {
  certificate?(decoded: DecodedCertificate): void;
  revocationList?(fingerprintSha256: string, der: Uint8Array): void;
  publicKey?(spkiSha256: string, spki: Uint8Array): void;
}

/** The context of one file. */
interface FileContext extends InspectContext {
  readonly budget: RoundBudget;
}

/** Where something was found, and in what it was wrapped. */
export interface Place {
  readonly file: string;
  readonly range: Range;
  readonly wrapping: readonly string[];
  readonly label: string | null;
  readonly context: FileContext;
}

/** The start of a file: where binary data is pointed to. */
const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A whole file. */
export function placeOfFile(file: string, context: InspectContext): Place {
  return { file, range: START, wrapping: [], label: null, context: { ...context, budget: roundBudget() } };
}

export function inside(place: Place, wrapper: string, label: string | null = place.label): Place {
  return { ...place, wrapping: [...place.wrapping, wrapper], label };
}

/** An item with what is known; the rest is null. */
export function itemAt(
  place: Place,
  type: CredentialType,
  format: CredentialFormat | null,
  known: Partial<CredentialItem>,
): CredentialItem {
  const { file, range, wrapping, label } = place;
  return { file, range, type, format, wrapping, ...BLANK, label, ...known };
}

export function findingAt(place: Place, rule: RuleMeta, message: string, range = place.range): Finding {
  return {
    rule: rule.id,
    severity: rule.severity,
    message,
    why: rule.why,
    file: place.file,
    range,
    related: [],
    fixes: [],
  };
}

/** A part that cannot be read, with its reason and its place in the decoded data. */
export function damage(place: Place, problems: readonly Problem[]): readonly Finding[] {
  return problems.map(({ what, reason, offset }) =>
    findingAt(place, credentialDamaged, `${what} cannot be read: ${reason} (octet ${offset})`),
  );
}

export function keyMembers(
  place: Place,
  key: PublicKeyFacts | undefined,
): Pick<CredentialItem, 'keyAlgorithm' | 'keyBits' | 'spkiSha256'> {
  if (key === undefined) return { keyAlgorithm: null, keyBits: null, spkiSha256: null };
  const spkiSha256 = toHex(place.context.hasher.hash('sha256', key.spki));
  place.context.keep?.publicKey?.(spkiSha256, key.spki);
  return { keyAlgorithm: key.algorithm, keyBits: key.bits ?? null, spkiSha256 };
}

const DAY = 24 * 60 * 60 * 1000;

export function daysUntil(place: Place, instant: string): number {
  return Math.floor((Date.parse(instant) - place.context.now.getTime()) / DAY);
}

/** What to try on something encrypted: the password given, and none. */
export function passwordsOf(context: InspectContext): readonly string[] {
  const given = context.password?.reveal();
  return given === undefined || given === '' ? [''] : [given, ''];
}
