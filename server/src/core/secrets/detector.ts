import type { Decryptor, Hasher } from '../ports.ts';
import type { RuleMeta } from '../rules/rule.ts';

/** A place where one of a detector's keywords stands. Offsets are octets of the file; the text has one character for each. */
export interface Suspect {
  /** Relative to what is scanned, forward slashes. */
  readonly path: string;
  /** Latin-1, so that offsets in it are octets: the line of the keyword, or what is around it as the detector's `reach` says. */
  readonly text: string;
  /** Where the keyword begins in `text`. */
  readonly at: number;
  readonly tools: ScanTools;
  /** Something here was not looked at, and why. */
  notLookedAt?(why: string): void;
}

/** What the structure of a key is read with. */
export interface ScanTools {
  readonly hasher: Hasher;
  readonly decryptor: Decryptor;
  /** A character for each octet. The language has a way, which takes ten times as long as the platform's. */
  latin1(bytes: Uint8Array): string;
  /** What gzip packed; undefined where it is none, `more` where it is more than `most` octets. */
  gunzip(bytes: Uint8Array, most: number): Uint8Array | 'more' | undefined;
}

export interface Detection {
  readonly rule: RuleMeta;
  /** In the text of the suspect; `end` is the first place after it. */
  readonly start: number;
  readonly end: number;
  /** `an RSA-2048 private key (PKCS#8)`: never a part of the value. */
  readonly what: string;
  /** DER SubjectPublicKeyInfo of a private key, where it can be told. */
  readonly spki?: Uint8Array;
}

/** One family of secrets. One file of `detectors/`, which is all that has to be added. */
export interface Detector {
  readonly rules: readonly RuleMeta[];
  /** ASCII, in whatever case. Only where one of them stands the detector is asked. */
  readonly keywords: readonly string[];
  /** The line of the keyword; 4 KiB on both sides of it; what a key with all its lines takes; what all roots of a system take. */
  readonly reach: 'line' | 'near' | 'block' | 'bundle';
  /** It goes by what something is called: what another detector knows about the same octets counts. */
  readonly isVague?: true;
  /** False: it has nothing to say about files of this name, whatever stands in them. */
  reads?(path: string): boolean;
  /** Asked before any text is made, where a keyword is common: whether what follows its `end` can be one of its secrets. */
  follows?(bytes: Uint8Array, end: number): boolean;
  find(suspect: Suspect): Iterable<Detection>;
  /** The same for what says by itself what it is, wherever it stands, so that no tool is needed. */
  readonly ofForm?: FindByForm;
}

export type FindByForm = (place: Omit<Suspect, 'tools'>) => Iterable<Detection>;

export type FormDetector = Detector & { readonly ofForm: FindByForm };
