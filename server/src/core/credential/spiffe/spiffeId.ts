/** SPIFFE IDs (SPIFFE-ID standard, 2): `spiffe://`, a trust domain, and a path that names the workload. */
export interface SpiffeId {
  /** Without `spiffe://`. */
  readonly trustDomain: string;
  /** Empty, or with a slash at its start. */
  readonly path: string;
}

const SCHEME = 'spiffe://';
/** SPIFFE-ID 2.3. */
const LONGEST = 2048;
const LONGEST_TRUST_DOMAIN = 255;

/** Why a text is no SPIFFE ID, as the second half of a sentence; undefined when it is one. */
export function spiffeIdProblem(text: string): string | undefined {
  if (text === '') return 'it is empty';
  // Every character that is allowed is one octet; others are refused below.
  if (text.length > LONGEST) return `it is longer than ${LONGEST} octets`;
  if (!text.startsWith(SCHEME))
    return /^spiffe:\/\//i.test(text)
      ? 'the scheme spiffe:// is written in lower case'
      : 'it does not start with spiffe://';
  const rest = text.slice(SCHEME.length);
  if (rest.includes('?')) return 'it has a query (?)';
  if (rest.includes('#')) return 'it has a fragment (#)';
  const slash = rest.indexOf('/');
  const [domain, path] = slash === -1 ? [rest, ''] : [rest.slice(0, slash), rest.slice(slash)];
  return trustDomainProblem(domain) ?? pathProblem(path);
}

/** Why a text is no trust domain's name (SPIFFE-ID 2.1); undefined when it is one. */
export function trustDomainProblem(text: string): string | undefined {
  if (text === '') return 'it has no trust domain';
  if (text.includes('@')) return 'its trust domain has a user (@)';
  if (text.includes(':')) return 'its trust domain has a port (:)';
  if (text.length > LONGEST_TRUST_DOMAIN)
    return `its trust domain is longer than ${LONGEST_TRUST_DOMAIN} octets`;
  if (/[A-Z]/.test(text)) return 'its trust domain has capital letters';
  if (!/^[a-z0-9._-]+$/.test(text))
    return 'its trust domain has other characters than lower-case letters, digits, dots, hyphens and underscores';
  return undefined;
}

/** Undefined for what `spiffeIdProblem` complains of. */
export function parseSpiffeId(text: string): SpiffeId | undefined {
  if (spiffeIdProblem(text) !== undefined) return undefined;
  const rest = text.slice(SCHEME.length);
  const slash = rest.indexOf('/');
  return slash === -1
    ? { trustDomain: rest, path: '' }
    : { trustDomain: rest.slice(0, slash), path: rest.slice(slash) };
}

/** SPIFFE-ID 2.2. */
function pathProblem(path: string): string | undefined {
  if (path === '') return undefined;
  if (path.endsWith('/')) return 'its path ends with a slash';
  for (const segment of path.slice(1).split('/')) {
    if (segment === '') return 'its path has an empty part (//)';
    if (segment === '.' || segment === '..') return `its path has a part "${segment}"`;
    if (segment.includes('%')) return 'its path has an escaped character (%)';
    if (!/^[A-Za-z0-9._-]+$/.test(segment))
      return 'its path has other characters than letters, digits, dots, hyphens and underscores';
  }
  return undefined;
}
