/** Domain names by the public suffix list: its part that is about registries. */
import { parse } from 'tldts';

export interface Domain {
  /** Its top-level domain is delegated: the name can be on the internet. */
  readonly isPublic: boolean;
  /** The whole name is a suffix under which others register, such as `co.uk`. */
  readonly isSuffix: boolean;
  /** The label left of the suffix; empty where there is none. */
  readonly registered: string;
  /** What stands left of that. */
  readonly below: string;
}

const known = new Map<string, Domain>();
/** The same names come again: a rule asks after the other, and certificates are renewed. */
const MOST_KNOWN = 4096;
const OPTIONS = {
  validateHostname: false,
  extractHostname: false,
  detectIp: false,
  mixedInputs: false,
} as const;

/** What is no host name is taken apart in the same way: a wildcard is a label like others. */
export function domainOf(name: string): Domain {
  const found = known.get(name);
  if (found !== undefined) return found;
  const { isIcann, publicSuffix, domainWithoutSuffix, subdomain } = parse(
    name.toLowerCase().replace(/\.$/, ''),
    OPTIONS,
  );
  const domain: Domain = {
    // RFC 7686: .onion is delegated to nobody, and known to all who use it.
    isPublic: isIcann === true || publicSuffix === 'onion',
    isSuffix: isIcann === true && domainWithoutSuffix === null,
    registered: domainWithoutSuffix ?? '',
    below: subdomain ?? '',
  };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, domain);
  return domain;
}
