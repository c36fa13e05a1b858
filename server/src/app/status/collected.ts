import type { PathMaterial } from '../../core/path/buildPath.ts';
import type { JudgeInputs } from '../../core/path/judgePath.ts';
import type { PathCertificate } from '../../core/path/pathCertificate.ts';
import type { PathCrl } from '../../core/path/revocation/pathCrl.ts';
import type { PathOcsp } from '../../core/path/revocation/pathOcsp.ts';
import type { Revocation } from '../../core/path/revocation/revocation.ts';

/** What was given, and what was fetched besides; the latter by where it came from, so that a newer one takes its place. */
export interface Collected {
  readonly material: PathMaterial;
  readonly inputs: JudgeInputs;
  readonly intermediates: Map<string, PathCertificate>;
  readonly crls: Map<string, PathCrl>;
  readonly answers: Map<string, PathOcsp>;
}

export function collect(material: PathMaterial, inputs: JudgeInputs): Collected {
  return { material, inputs, intermediates: new Map(), crls: new Map(), answers: new Map() };
}

export function materialOf({ material, intermediates }: Collected): PathMaterial {
  return { ...material, intermediates: [...material.intermediates, ...intermediates.values()] };
}

export function inputsOf({ inputs, crls, answers }: Collected): JudgeInputs {
  return {
    ...inputs,
    crls: [...inputs.crls, ...crls.values()],
    answers: [...inputs.answers, ...answers.values()],
  };
}

/** What is known of the revocation of one certificate, and how. */
export interface FetchedStatus {
  readonly revocation: Revocation;
  readonly source: 'crl' | 'ocsp' | null;
  /** Where that was fetched; null: it was given, or nobody told. */
  readonly from: string | null;
  /** ISO 8601. */
  readonly askedAt: string | null;
  /** Nobody need tell: that it is unknown is no fault. */
  readonly isExcused: boolean;
}
