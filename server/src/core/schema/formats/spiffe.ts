import { parseSpiffeId, spiffeIdProblem, trustDomainProblem } from '../../credential/spiffe/spiffeId.ts';
import { type FormatProblem, problem, shown } from './problem.ts';

const SCHEME = 'spiffe://';

interface Wrong {
  readonly why: string;
  readonly instead?: string;
}

/** The name of a workload: a SPIFFE ID with a path, since the one without is the trust domain's own (X509-SVID, 2). */
export function workloadId(text: string): FormatProblem | undefined {
  const wrong = idProblem(text);
  if (wrong !== undefined) {
    const names = wrong.instead !== undefined && parseSpiffeId(wrong.instead)?.path !== '';
    return problem(
      'bad-spiffe-id',
      `${shown(text)} is no SPIFFE ID: ${wrong.why}`,
      names ? wrong.instead : undefined,
    );
  }
  if (parseSpiffeId(text)?.path !== '') return undefined;
  return problem(
    'bad-spiffe-id',
    `${shown(text)} names no workload: without a path it is the trust domain itself`,
  );
}

/** What keeps a text from being a SPIFFE ID, in words that follow a colon; undefined: it is one. */
export function idProblem(text: string): Wrong | undefined {
  const why = spiffeIdProblem(text);
  if (why === undefined) return undefined;
  const instead = likelyId(text);
  return instead !== undefined && spiffeIdProblem(instead) === undefined ? { why, instead } : { why };
}

/** Without `spiffe://`. */
export function trustDomain(text: string): FormatProblem | undefined {
  const hasScheme = /^spiffe:\/\//i.test(text);
  const why = hasScheme ? 'it is written without spiffe://' : trustDomainProblem(text);
  if (why === undefined) return undefined;
  const [likely = ''] = (hasScheme ? text.slice(SCHEME.length) : text).slice(0, 300).split(/[/:]/, 1);
  const instead = likely.toLowerCase();
  return problem(
    'bad-spiffe-id',
    `${shown(text)} is no trust domain: ${why}`,
    instead !== text && trustDomainProblem(instead) === undefined ? instead : undefined,
  );
}

/** The right scheme, it and the trust domain in lower case, without a port, without a slash at the end: what is surely meant. */
function likelyId(text: string): string | undefined {
  const bare = /^[a-z0-9-]+\.[a-z0-9.-]+\/[A-Za-z0-9._/-]+$/.test(text.slice(0, 300)) ? SCHEME : '';
  const [, domain, path] =
    /^(?:spiffe|https?):\/{1,3}([A-Za-z0-9._-]{1,255})(?::[0-9]{0,5})?(\/[^?#]*)?$/i.exec(
      `${bare}${text.slice(0, 2049)}`,
    ) ?? [];
  if (domain === undefined) return undefined;
  return `${SCHEME}${domain.toLowerCase()}${(path ?? '').replace(/\/$/, '')}`;
}
