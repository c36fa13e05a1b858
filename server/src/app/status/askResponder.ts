/** One OCSP responder asked about one certificate (RFC 6960, appendix A). */
import { createHash } from 'node:crypto';
import type { PathCertificate } from '../../core/path/pathCertificate.ts';
import { NONCE_OCTETS, nonceValue, ocspQuestion } from '../../core/path/revocation/ocspQuestion.ts';
import { ocspStatus } from '../../core/path/revocation/ocspStatus.ts';
import { type PathOcsp, readPathOcsp } from '../../core/path/revocation/pathOcsp.ts';
import type { Revocation } from '../../core/path/revocation/revocation.ts';
import type { Collected } from './collected.ts';
import type { Fetched, StatusSources } from './sources.ts';

const LARGEST = 1024 * 1024;
/** RFC 6960, A.1: longer questions are posted. */
const LONGEST_GET = 255;
const NAME = 'the OCSP responder';

export type Answered =
  | {
      readonly kind: 'known';
      readonly revocation: Exclude<Revocation, { status: 'unknown' }>;
      readonly askedAt: string;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** With a nonce, so that the answer is of now; then as responders want it that sign their answers in advance (RFC 5019). */
export async function askResponder(
  url: string,
  [certificate, issuer]: readonly [PathCertificate, PathCertificate],
  collected: Collected,
  sources: StatusSources,
  used: Set<string>,
  signal: AbortSignal,
): Promise<Answered> {
  const { now, hasher, verifier } = collected.inputs;
  const plain = ocspQuestion(certificate, issuer, hasher, undefined);
  if (plain === undefined) return { kind: 'unknown', why: 'the key of its issuer cannot be read' };
  const key = `ocsp ${url} ${createHash('sha256').update(plain).digest('hex')}`;
  const nonce = nonceValue(sources.nonce(key, NONCE_OCTETS));
  const posted = ocspQuestion(certificate, issuer, hasher, nonce) ?? plain;
  const body = { type: 'application/ocsp-request', bytes: posted };
  const told = await sources.get(key, { url, name: NAME, largest: LARGEST, body }, signal);
  const first = await judged(key, told, nonce);
  if (first.kind === 'known' || !mayAskAgain(told)) return first;
  const getUrl = `${url.replace(/\/$/, '')}/${encodeURIComponent(Buffer.from(plain).toString('base64'))}`;
  if (Buffer.from(plain).toString('base64').length > LONGEST_GET) return first;
  const getKey = `${key} get`;
  const second = await judged(
    getKey,
    await sources.get(getKey, { url: getUrl, name: NAME, largest: LARGEST }, signal),
    undefined,
  );
  return second.kind === 'known' ? second : first;

  async function judged(place: string, told: Fetched, nonce: Uint8Array | undefined): Promise<Answered> {
    if (told.kind === 'silent') return { kind: 'unknown', why: told.why };
    used.add(place);
    const { value: answer, problems } = readPathOcsp(told.body);
    if (answer === undefined)
      return { kind: 'unknown', why: `${url}: ${problems[0]?.reason ?? 'what it answers cannot be read'}` };
    const revocation = ocspStatus(certificate, issuer, {
      answers: [answer],
      now,
      hasher,
      verifier,
      ...(told.isKept || nonce === undefined ? {} : { nonce }),
    });
    if (revocation.status === 'unknown') return { kind: 'unknown', why: `${url}: ${revocation.why}` };
    collected.answers.set(place, answer);
    const until = nextUpdate(answer);
    if (until !== undefined) await sources.keep(place, told, until);
    return { kind: 'known', revocation, askedAt: told.askedAt };
  }
}

/** It answered, and not to this: a server that was not reached is not reached the second time either. */
function mayAskAgain(told: Fetched): boolean {
  return told.kind === 'told' ? readPathOcsp(told.body).value === undefined : told.status !== undefined;
}

/** Of all that it is about; one that names none is of now alone. */
function nextUpdate({ answers }: PathOcsp): string | undefined {
  const ends = answers.map((each) => each.nextUpdate ?? '').sort();
  return ends[0] === '' ? undefined : ends[0];
}
