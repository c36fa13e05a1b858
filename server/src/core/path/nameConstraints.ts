/** Whether names lie where constraints allow (RFC 5280, 4.2.1.10). What is malformed is refused, never passed over. */
import { isWithin } from './nameKey.ts';
import { isHostName, isMailbox } from './nameSyntax.ts';
import type { AnyName, NameConstraintSet } from './pathNames.ts';

/** Names times constraints of one path: more are made to keep somebody busy. */
const MOST_COMPARISONS = 250_000;

/** Counted over one path, since each certificate adds to what the next ones are compared with. */
export interface ComparisonBudget {
  left: number;
}

export function comparisonBudget(): ComparisonBudget {
  return { left: MOST_COMPARISONS };
}

type Match = 'yes' | 'no' | 'malformed';

/** Undefined: all names are allowed; else why not. */
export function constraintProblem(
  names: readonly AnyName[],
  sets: readonly NameConstraintSet[],
  budget: ComparisonBudget,
): string | undefined {
  for (const { permitted, excluded } of sets) {
    for (const name of names) {
      const ofKind = permitted.filter((each) => sameKind(each, name));
      const notOf = excluded.filter((each) => sameKind(each, name));
      budget.left -= permitted.length + excluded.length;
      if (budget.left < 0) return 'there are more names and constraints than anybody needs';
      const text = nameShown(name);
      if ((ofKind.length > 0 || notOf.length > 0) && !isWellFormed(name))
        return `${text} is malformed, and names of its kind are constrained`;
      for (const constraint of notOf) {
        const match = excludes(name, constraint);
        if (match === 'malformed') return malformed(constraint);
        if (match === 'yes') return `${text} is in a subtree that an authority of the path excludes`;
      }
      if (ofKind.length === 0) continue;
      const matches = ofKind.map((constraint) => permits(name, constraint));
      const wrong = matches.indexOf('malformed');
      if (wrong !== -1) return malformed(ofKind[wrong] ?? name);
      if (!matches.includes('yes')) return `${text} is in no subtree that an authority of the path permits`;
    }
  }
  return undefined;
}

function malformed(constraint: AnyName): string {
  return `the constraint ${nameShown(constraint)} is malformed or of a kind that is not understood here`;
}

function sameKind(a: AnyName, b: AnyName): boolean {
  if (a.kind === 'ip' && b.kind === 'ip') return true;
  return a.kind === b.kind && (a.kind !== 'other' || b.kind !== 'other' || a.type === b.type);
}

function isWellFormed(name: AnyName): boolean {
  switch (name.kind) {
    case 'dns':
      return isHostName(name.text.replace(/^\*\./, ''));
    case 'email':
      return isMailbox(name.text);
    case 'uri':
      return hostOfUri(name.text) !== undefined;
    case 'ip':
      return name.octets.length === 4 || name.octets.length === 16;
    case 'directory':
    case 'other':
      return true;
    default:
      return name satisfies never;
  }
}

function permits(name: AnyName, constraint: AnyName): Match {
  return matches(name, constraint, false);
}

function excludes(name: AnyName, constraint: AnyName): Match {
  return matches(name, constraint, true);
}

/** `overlaps`: of a name with an asterisk one that it stands for is enough; else all of them must lie there. */
function matches(name: AnyName, constraint: AnyName, overlaps: boolean): Match {
  switch (constraint.kind) {
    case 'dns':
      if (constraint.text !== '' && !isHostName(constraint.text)) return 'malformed';
      return yes(name.kind === 'dns' && dnsMatches(lower(name.text), lower(constraint.text), overlaps));
    case 'email':
      return name.kind === 'email' ? emailMatches(name.text, constraint.text) : 'no';
    case 'uri':
      return name.kind === 'uri' ? uriMatches(name.text, lower(constraint.text)) : 'no';
    case 'ip':
      return name.kind === 'ip' ? addressMatches(name.octets, constraint.octets) : 'no';
    case 'directory':
      return yes(name.kind === 'directory' && isWithin(name.name, constraint.name));
    case 'other':
      return 'malformed';
    default:
      return constraint satisfies never;
  }
}

function yes(is: boolean): Match {
  return is ? 'yes' : 'no';
}

function lower(text: string): string {
  return text.toLowerCase();
}

function isInDomain(host: string, domain: string): boolean {
  return domain === '' || host === domain || host.endsWith(`.${domain}`);
}

function dnsMatches(name: string, constraint: string, overlaps: boolean): boolean {
  if (isInDomain(name, constraint)) return true;
  if (!overlaps || !name.startsWith('*.')) return false;
  // The asterisk stands for one label: that of the constraint, too.
  return constraint.slice(constraint.indexOf('.') + 1) === name.slice(2);
}

/** A mailbox, all of a host, or with a point before it all of the hosts below. */
function emailMatches(address: string, constraint: string): Match {
  const at = address.lastIndexOf('@');
  const host = lower(address.slice(at + 1));
  if (constraint.includes('@')) {
    if (!isMailbox(constraint)) return 'malformed';
    const split = constraint.lastIndexOf('@');
    return yes(
      address.slice(0, at) === constraint.slice(0, split) && host === lower(constraint.slice(split + 1)),
    );
  }
  return hostMatches(host, lower(constraint));
}

function hostMatches(host: string, constraint: string): Match {
  if (!isHostName(constraint.replace(/^\./, ''))) return 'malformed';
  return yes(constraint.startsWith('.') ? host.endsWith(constraint) : host === constraint);
}

function uriMatches(uri: string, constraint: string): Match {
  const host = hostOfUri(uri);
  return host === undefined ? 'malformed' : hostMatches(lower(host), constraint);
}

/** Undefined: it has no authority with a fully qualified name, which RFC 5280 wants where names of its kind are constrained. */
function hostOfUri(uri: string): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  return host !== undefined && isHostName(host) && !/^[\d.]+$/.test(host) ? host : undefined;
}

/** `constraint`: the address and, of the same length, its mask. */
function addressMatches(address: Uint8Array, constraint: Uint8Array): Match {
  const length = constraint.length / 2;
  if (length !== 4 && length !== 16) return 'malformed';
  const mask = constraint.subarray(length);
  if (!isPrefix(mask)) return 'malformed';
  if (address.length !== length) return 'no';
  return yes(
    address.every((octet, place) => {
      const bits = mask[place] ?? 0;
      return (octet & bits) === ((constraint[place] ?? 0) & bits);
    }),
  );
}

/** Ones, then zeros (RFC 4632, 3.1). */
function isPrefix(mask: Uint8Array): boolean {
  const bits = Array.from(mask, (octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}

function nameShown(name: AnyName): string {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return `"${name.text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?')}"`;
    case 'ip':
      return name.octets.length === 4 ? name.octets.join('.') : `an address of ${name.octets.length} octets`;
    case 'directory':
      return 'the directory name';
    case 'other':
      return `a name of the type ${name.type}`;
    default:
      return name satisfies never;
  }
}
