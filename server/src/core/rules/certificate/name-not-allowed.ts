import type { Verdict } from '../../policy/judged.ts';
import { limitVerdicts, limitWord, networkVerdicts, type PlacedValue, placed } from '../../policy/limits.ts';
import type { CertificateNameNotAllowedRule } from '../../schema/generated/specs.ts';
import { plural } from '../../text/instant.ts';
import { policyRule } from '../rule.ts';

/** By the word of the policy: the field with such names, and what ends a part of one. */
const SORTS = {
  dns: { field: 'dnsNames', what: 'DNS name', separator: '.' },
  ip: { field: 'ipAddresses', what: 'address', separator: '' },
  email: { field: 'emailAddresses', what: 'mail address', separator: '@' },
  uri: { field: 'uris', what: 'URI', separator: '/' },
} as const;

export const rule = policyRule<CertificateNameNotAllowedRule>({
  meta: {
    id: 'certificate/name-not-allowed',
    severity: 'error',
    title: 'A certificate names what a policy does not allow',
    why: 'Whoever holds the key can be every name in the certificate. A name that belongs to somebody else, or stands for many, is more than its owner answers for.',
    remedy: 'Name only what the policy allows, or ask those who keep the policy.',
    standard: 'RFC 5280, 4.2.1.6',
  },
  *judge(judged, limits): Generator<Verdict> {
    const { resource } = judged;
    if (!hasNames(resource.kind)) return;
    const spec: Readonly<Partial<Record<string, unknown>>> = { ...resource.spec };
    const namesIn = (field: string): readonly PlacedValue[] =>
      placed((spec[field] ?? []) as readonly string[], ['spec', field]);
    for (const [sort, { field, what, separator }] of Object.entries(SORTS)) {
      const names = namesIn(field);
      const parent = ['spec', field];
      if (sort === 'ip') {
        if (limits.ip !== undefined) yield* networkVerdicts(names, limits.ip, what);
      } else {
        const limit = limits[sort as 'dns' | 'email' | 'uri'];
        const plain = sort === 'dns' ? names.map(lowerCase) : names;
        if (limit !== undefined) yield* limitVerdicts(judged, plain, limit, { what, parent, separator });
      }
      if (limits.closed === true && limits[sort as keyof typeof SORTS] === undefined && names.length > 0)
        yield {
          path: parent,
          part: 'key',
          message: `only sorts of names that the policy lists may be there; remove ${field}`,
        };
    }
    if (limits.wildcards === false)
      for (const { text, path } of namesIn('dnsNames'))
        if (text.startsWith('*.'))
          yield { path, message: 'a wildcard stands for hosts that nobody listed; name each host' };
    const count = Object.values(SORTS).reduce((sum, { field }) => sum + namesIn(field).length, 0);
    const most = limits.maximumNames ?? Number.POSITIVE_INFINITY;
    if (count > most)
      yield {
        path: ['spec', 'dnsNames'],
        part: 'key',
        message: `it has ${plural(count, 'name')}, and ${most} are allowed; split it`,
        limit: most,
      };
  },
  *ofField({ resource, path }, limits) {
    const [first, field, item, ...more] = path;
    if (first !== 'spec' || more.length > 0 || !hasNames(resource.kind)) return;
    const found = Object.entries(SORTS).find(([, sort]) => sort.field === field);
    if (found === undefined) return;
    const [sort, { separator }] = found;
    const limit = limits[sort as keyof typeof SORTS];
    if (limit === undefined) {
      if (limits.closed === true && item === undefined)
        yield { forbidden: true, says: [], offers: [], at: ['closed'] };
    } else if (sort !== 'ip') yield limitWord(limit, { resource }, separator, [sort]);
  },
});

function hasNames(kind: string): boolean {
  return kind === 'Certificate' || kind === 'Workload';
}

/** Host names are the same in any case (RFC 4343). */
function lowerCase({ text, path }: PlacedValue): PlacedValue {
  return { text: text.toLowerCase(), path };
}
