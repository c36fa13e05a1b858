/** Whether one certificate of a path was revoked: what was given is asked first, then who the certificate says that tells. */
import { statusIn } from '../../core/path/judgePath.ts';
import type { PathCertificate } from '../../core/path/pathCertificate.ts';
import { type StatusPointers, statusPointers } from '../../core/path/revocation/statusPointers.ts';
import { askResponder } from './askResponder.ts';
import { type Collected, type FetchedStatus, inputsOf, materialOf } from './collected.ts';
import { fetchLists } from './fetchLists.ts';
import type { StatusSources } from './sources.ts';

export async function fetchStatus(
  path: readonly PathCertificate[],
  at: number,
  collected: Collected,
  sources: StatusSources,
  signal: AbortSignal,
): Promise<FetchedStatus> {
  const known = statusIn(materialOf(collected), inputsOf(collected))(path, at);
  const certificate = path[at];
  const issuer = path[at + 1];
  if (certificate === undefined || issuer === undefined) return unknown('nobody is known who issued it');
  if (known !== undefined && known.status !== 'unknown') return found(known, known.source, null, null);
  const pointers = statusPointers(certificate.extensions);
  if (pointers.isNeverTold)
    return {
      ...unknown('its issuer says that nobody tells whether it was revoked (noRevAvail, RFC 9608)'),
      isExcused: true,
    };
  if (pointers.ocsp.length + pointers.lists.length === 0) return unknown(nowhere(pointers));
  for (;;) {
    const used = new Set<string>();
    const notes: string[] = [];
    for (const url of pointers.ocsp) {
      const answered = await askResponder(url, [certificate, issuer], collected, sources, used, signal);
      if (answered.kind === 'known') return found(answered.revocation, 'ocsp', url, answered.askedAt);
      notes.push(answered.why);
    }
    if (pointers.lists.length > 0) {
      const { answered, from } = await fetchLists(path, at, pointers, collected, sources, used, signal);
      if (answered.kind === 'known') return found(answered.revocation, 'crl', from, answered.askedAt);
      if (answered.why !== '') notes.push(answered.why);
    }
    // What was kept may be what stands in the way.
    const again = [...used].filter((key) => sources.forget(key));
    if (again.length === 0) return unknown(notes.join('; '));
  }
}

function found(
  revocation: FetchedStatus['revocation'],
  source: FetchedStatus['source'],
  from: string | null,
  askedAt: string | null,
): FetchedStatus {
  return { revocation, source, from, askedAt, isExcused: false };
}

function unknown(why: string): FetchedStatus {
  return found({ status: 'unknown', why }, null, null, null);
}

function nowhere({ others }: StatusPointers): string {
  return others === 0
    ? 'it names no place that tells of it: no OCSP responder and no list'
    : 'it names no place that tells of it over HTTP, but others, such as a directory';
}
