import { decodeLatin1 } from '../../credential/charset.ts';
import { content, type Der, TAG } from '../../credential/der.ts';
import { attempt, type Problem } from '../../credential/problem.ts';
import { timeOf } from '../../credential/time.ts';

export interface CertificateTime {
  readonly form: 'UTCTime' | 'GeneralizedTime' | 'other';
  /** As it stands there. */
  readonly text: string;
  /** Milliseconds since 1970; undefined where it is no date. */
  readonly at: number | undefined;
}

export function readCertificateTime(node: Der, what: string, problems: Problem[]): CertificateTime {
  const iso = attempt(problems, what, () => timeOf(node, what));
  return {
    form:
      node.tag === TAG.utcTime ? 'UTCTime' : node.tag === TAG.generalizedTime ? 'GeneralizedTime' : 'other',
    text: decodeLatin1(content(node).subarray(0, 64)),
    at: iso === undefined ? undefined : Date.parse(iso),
  };
}
