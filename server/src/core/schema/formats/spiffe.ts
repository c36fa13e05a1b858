/** SPIFFE-ID standard, 2: `spiffe://`, a trust domain, a path. */
import { type FormatProblem, problem, shown } from './problem.ts';

interface Wrong {
  readonly why: string;
  readonly instead?: string;
}

const SCHEME = 'spiffe://';
const LONGEST_DOMAIN = 255;
const LONGEST_ID = 2048;

/** The name of a workload: a SPIFFE ID with a path, since the trust domain itself bears the one without (X509-SVID, 2). */
export function workloadId(text: string): FormatProblem | undefined {
  const wrong =
    spiffeProblem(text) ??
    (text.indexOf('/', SCHEME.length) === -1
      ? { why: 'without a path it names the trust domain itself, no workload' }
      : undefined);
  return wrong === undefined
    ? undefined
    : problem('bad-spiffe-id', `${shown(text)} is no SPIFFE ID: ${wrong.why}`, wrong.instead);
}

/** What keeps a text from being a SPIFFE ID, in words that follow a colon; undefined: it is one. */
export function spiffeProblem(text: string): Wrong | undefined {
  const lower = text.slice(0, SCHEME.length).toLowerCase();
  if (lower !== SCHEME) return { why: `it starts with ${SCHEME}` };
  if (!text.startsWith(SCHEME))
    return offered('it starts with spiffe:// in lower case', SCHEME + text.slice(SCHEME.length));
  if (text.length > LONGEST_ID) return { why: `it is longer than ${LONGEST_ID} characters` };
  const rest = text.slice(SCHEME.length);
  const [domain = ''] = rest.split(/[/?#]/, 1);
  const wrong = domainProblem(domain);
  if (wrong !== undefined) {
    const { why, instead } = wrong;
    return instead === undefined ? { why } : offered(why, SCHEME + instead + rest.slice(domain.length));
  }
  const path = rest.slice(domain.length);
  if (/[?#]/.test(path)) return { why: 'it has no query and no fragment' };
  return pathProblem(path, text);
}

/** Without `spiffe://`. */
export function trustDomain(text: string): FormatProblem | undefined {
  const bad = ({ why, instead }: Wrong): FormatProblem =>
    problem('bad-spiffe-id', `${shown(text)} is no trust domain: ${why}`, instead);
  if (text.slice(0, SCHEME.length).toLowerCase() === SCHEME) {
    const [domain = ''] = text.slice(SCHEME.length).split('/', 1);
    const why = 'it is written without spiffe://';
    return bad(domainProblem(domain) === undefined ? { why, instead: domain } : { why });
  }
  const wrong = domainProblem(text);
  return wrong === undefined ? undefined : bad(wrong);
}

function domainProblem(domain: string): Wrong | undefined {
  if (domain === '') return { why: 'it has no trust domain' };
  if (domain.length > LONGEST_DOMAIN)
    return { why: `a trust domain has at most ${LONGEST_DOMAIN} characters` };
  if (domain.includes('@')) return { why: 'a trust domain has no user' };
  if (/:[0-9]*$/.test(domain))
    return { why: 'a trust domain has no port', instead: domain.replace(/:.*$/, '') };
  if (/^[A-Za-z0-9._-]+$/.test(domain) && /[A-Z]/.test(domain))
    return { why: 'a trust domain is written in lower case', instead: domain.toLowerCase() };
  return /^[a-z0-9._-]+$/.test(domain)
    ? undefined
    : { why: 'a trust domain has lower-case letters, digits, dots, hyphens and underscores' };
}

function pathProblem(path: string, text: string): Wrong | undefined {
  if (path === '') return undefined;
  const segments = path.slice(1).split('/');
  if (segments.at(-1) === '') return offered('it ends with a slash', text.replace(/\/+$/, ''));
  if (segments.includes('')) return { why: 'a part of its path is empty' };
  if (segments.includes('.') || segments.includes('..')) return { why: 'no part of its path is "." or ".."' };
  if (path.includes('%')) return { why: 'its path knows no %XX' };
  return segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment))
    ? undefined
    : { why: 'its path has letters, digits, dots, hyphens and underscores' };
}

/** A better text is offered only where nothing else is wrong with it. */
function offered(why: string, instead: string): Wrong {
  return spiffeProblem(instead) === undefined ? { why, instead } : { why };
}
