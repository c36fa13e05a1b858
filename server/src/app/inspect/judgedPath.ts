/** The verdict on a certificate as it is shown and as findings. */
import { certificatePathInvalid } from '../../core/credential/findings/certificatePathInvalid.ts';
import { certificatePathUnknown } from '../../core/credential/findings/certificatePathUnknown.ts';
import { certificateRevocationUnknown } from '../../core/credential/findings/certificateRevocationUnknown.ts';
import { certificateRevoked } from '../../core/credential/findings/certificateRevoked.ts';
import type { Problem } from '../../core/credential/problem.ts';
import type { Finding } from '../../core/finding.ts';
import type { PathVerdict } from '../../core/path/buildPath.ts';
import type { Judgement } from '../../core/path/judgePath.ts';
import type { Revocation } from '../../core/path/revocation/revocation.ts';
import type { RuleMeta } from '../../core/rules/rule.ts';
import type { FetchedStatus } from '../status/collected.ts';
import type { OutsideJudgement } from '../status/judgeOutside.ts';

/** The members of an item of JSON. */
export interface JudgedPath {
  readonly path: {
    /** Null: it cannot be told. */
    readonly valid: boolean | null;
    readonly reason: string | null;
    /** Place in the chain that the reason is about. */
    readonly at: number | null;
    readonly chain: readonly string[];
    /** Of each certificate of the chain that another one of it issued, where places that they name were asked. */
    readonly statuses?: readonly ShownStatus[];
  };
  readonly revocation: Omit<ShownStatus, 'subject'> | null;
}

export interface ShownStatus {
  readonly subject: string;
  readonly status: Revocation['status'];
  readonly reason: string | null;
  /** Null: nobody told. */
  readonly source: 'crl' | 'ocsp' | null;
  /** Where it was fetched; null: it was given. */
  readonly from?: string | null;
  /** ISO 8601. */
  readonly askedAt?: string | null;
}

export type ToldFinding = Omit<Finding, 'file' | 'range'>;

/** Nothing could be judged. */
interface Unreadable {
  readonly unreadable: string;
}

type Judged = Judgement | OutsideJudgement | Unreadable;

export function unreadable(problems: readonly Problem[]): Unreadable {
  return { unreadable: `it cannot be read: ${problems[0]?.reason ?? 'it is no certificate'}` };
}

export function shownOf(judged: Judged): JudgedPath {
  if ('unreadable' in judged)
    return { path: { valid: null, reason: judged.unreadable, at: 0, chain: [] }, revocation: null };
  const { verdict } = judged;
  const reason = verdict.verdict === 'valid' ? undefined : verdict.reason;
  const path = {
    valid: verdict.verdict === 'valid' ? true : verdict.verdict === 'invalid' ? false : null,
    reason: reason === undefined ? null : reasonWith(reason.message, judged),
    at: reason?.at ?? null,
    chain: verdict.path.map(({ subjectText }) => subjectText),
  };
  if ('statuses' in judged) {
    const statuses = judged.statuses.map((each, at) => ({
      subject: path.chain[at] ?? '',
      ...statusOf(each.revocation, each.source),
      from: each.from,
      askedAt: each.askedAt,
    }));
    const { subject: _, ...revocation } = statuses[0] ?? { subject: '' };
    return {
      path: { ...path, statuses },
      revocation: 'status' in revocation ? revocation : null,
    };
  }
  const { revocation } = judged;
  return { path, revocation: revocation === null ? null : statusOf(revocation, revocation.source) };
}

function statusOf(revocation: Revocation, source: FetchedStatus['source']) {
  const { status } = revocation;
  const reason =
    status === 'revoked' ? (revocation.reason ?? null) : status === 'unknown' ? revocation.why : null;
  return { status, reason, source };
}

/** An authority that is missing was looked for where it should lie: what came of that belongs to the reason. */
function reasonWith(message: string, judged: Judgement | OutsideJudgement): string {
  const notes = 'notes' in judged ? judged.notes : [];
  return [message, ...new Set(notes)].join('; ');
}

export function findingsOf(judged: Judged): readonly ToldFinding[] {
  if ('unreadable' in judged)
    return [told(certificatePathUnknown, `the certificate itself: ${judged.unreadable}`)];
  const { verdict } = judged;
  const statuses: readonly Pick<FetchedStatus, 'revocation' | 'isExcused'>[] =
    'statuses' in judged
      ? judged.statuses
      : judged.revocation === null
        ? []
        : [{ revocation: judged.revocation, isExcused: false }];
  return [
    ...statuses.flatMap(({ revocation, isExcused }, at) =>
      isExcused ? [] : statusFindings(revocation, at, verdict),
    ),
    ...pathFindings(judged, statuses[0]?.revocation.status === 'revoked'),
  ];
}

function pathFindings(judged: Judgement | OutsideJudgement, isRevoked: boolean): readonly ToldFinding[] {
  const { verdict } = judged;
  if (verdict.verdict === 'valid') return [];
  const { at, problem, message } = verdict.reason;
  // Said already, of the certificate itself.
  if (isRevoked && at === 0 && problem === 'revoked') return [];
  const rule = verdict.verdict === 'invalid' ? certificatePathInvalid : certificatePathUnknown;
  return [told(rule, `${whose(verdict, at)}: ${reasonWith(message, judged)}`)];
}

function statusFindings(status: Revocation, at: number, verdict: PathVerdict): readonly ToldFinding[] {
  const of = at === 0 ? '' : `${whose(verdict, at)}: `;
  switch (status.status) {
    case 'good':
      return [];
    case 'revoked':
      // Of an authority the path says it.
      return at > 0
        ? []
        : [told(certificateRevoked, `it was revoked on ${status.at}${becauseOf(status.reason)}`)];
    case 'unknown':
      return [told(certificateRevocationUnknown, `${of}${status.why}`)];
    default:
      return status satisfies never;
  }
}

function told({ id: rule, severity }: RuleMeta, message: string): ToldFinding {
  return { rule, severity, message, related: [], fixes: [] };
}

function becauseOf(reason: string | undefined): string {
  return reason === undefined ? '' : `, reason ${reason}`;
}

function whose({ path }: PathVerdict, at: number): string {
  if (at === 0) return 'the certificate itself';
  const subject = path[at]?.subjectText;
  return subject === undefined || subject === '' ? `certificate ${at + 1} of the path` : subject;
}
