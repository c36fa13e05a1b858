import type { RuleMeta } from '../rules/rule.ts';
import type { CertificateView } from './certificateView.ts';

/** Who says so. What it is for follows from it: see `PROFILE_OF`. */
export type LintSource =
  /** RFC 5280 and what it rests on: every X.509 certificate. */
  | 'RFC'
  /** X.690, the encoding. */
  | 'X.690'
  /** What those who read many certificates agree on. */
  | 'community'
  | 'CA/B TLS BR'
  | 'CA/B EVG'
  | 'CA/B CSBR'
  | 'CA/B S/MIME BR'
  | 'Mozilla'
  | 'Chrome'
  | 'Apple'
  | 'SPIFFE'
  | 'IEEE 802.1AR';

/** What a certificate is for, and so by whose rules it is judged. */
export type LintProfile = 'rfc5280' | 'tls-public' | 'code-signing' | 'email-public' | 'device' | 'spiffe';

/** `auto`: by what the certificate itself says that it is. The rules of RFC 5280 hold in any case. */
export type LintChoice = LintProfile | 'auto';

export const PROFILE_OF: Readonly<Record<LintSource, LintProfile>> = {
  RFC: 'rfc5280',
  'X.690': 'rfc5280',
  community: 'rfc5280',
  'CA/B TLS BR': 'tls-public',
  'CA/B EVG': 'tls-public',
  Mozilla: 'tls-public',
  Chrome: 'tls-public',
  Apple: 'tls-public',
  'CA/B CSBR': 'code-signing',
  'CA/B S/MIME BR': 'email-public',
  SPIFFE: 'spiffe',
  'IEEE 802.1AR': 'device',
};

export interface LintMeta extends RuleMeta {
  /** `lint/<what>`. */
  readonly id: `lint/${string}`;
  readonly standard: string;
  readonly source: LintSource;
  /** It holds for certificates whose validity begins on this day or later, and before that one. `2020-09-01`. */
  readonly since?: string;
  readonly until?: string;
  /** It is about certificates that its source does not otherwise judge, such as those of OCSP responders. */
  readonly anyPurpose?: true;
  /** Another rule of this project that says the same of a file: where it spoke, this one need not. */
  readonly saidBy?: string;
  /** Names that zlint has for it. */
  readonly zlint: readonly string[];
}

/** One rule. It sees the certificate alone: what needs another one is `core/path`'s. */
export interface LintRule {
  readonly meta: LintMeta;
  /** What it is about is there. Absent: it is about every certificate. */
  applies?(certificate: CertificateView): boolean;
  /** What is wrong, in one sentence without a full stop; undefined or false: nothing. */
  check(certificate: CertificateView): string | undefined | false;
}
