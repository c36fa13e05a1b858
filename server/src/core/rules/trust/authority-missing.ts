import type { ProjectIndex } from '../../identity/projectIndex.ts';
import { declarationOf } from '../../lifecycle/declarationOf.ts';
import type { Generation } from '../../lifecycle/record.ts';
import type { CertificateResource, TrustBundleResource } from '../../manifest/resource.ts';
import {
  type BundleContents,
  certificateBundles,
  contentsOf,
  purposeOf,
} from '../../trust/bundleContents.ts';
import type { Signers, TrustFacts } from '../../trust/trustFacts.ts';
import type { RuleContext } from '../context.ts';
import { recordedIdentities } from '../recorded.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'trust/authority-missing',
    severity: 'warning',
    readsRecord: true,
    title: 'A trust bundle lacks the authority of what its consumers rely on',
    why: 'Who trusts this bundle alone refuses the certificate: the connection fails, or the signature counts for nothing, though the certificate is in order.',
    remedy:
      'Add the authority to the bundle (`anchors`) or deliver the bundle again before the certificate is in use; or have another authority issue it.',
    standard: 'RFC 5280, 6.1',
  },
  *check(context) {
    const { index, recorded } = context;
    const facts = recorded?.trust;
    if (facts === undefined) return;
    const trusted = trustOfConsumers(index, facts);
    if (trusted.size === 0) return;
    const missing = new Map<string, Missing>();
    for (const { certificate, generation, signers } of relied(context, facts)) {
      for (const purpose of purposesOf(certificate, index)) {
        for (const [place, consumer] of (certificate.spec.consumers ?? []).entries()) {
          const bundles = trusted.get(`${purpose} ${consumer}`) ?? [];
          const [first] = bundles;
          if (
            first === undefined ||
            !bundles.every(({ contents }) => lacks(contents, generation, signers, context.now))
          )
            continue;
          const key = JSON.stringify([first.bundle.key, consumer, signers.authority]);
          const told = missing.get(key) ?? { ...first, consumer, signers, certificates: [] };
          told.certificates.push({ certificate, place });
          missing.set(key, told);
        }
      }
    }
    for (const { bundle, place, consumer, signers, certificates } of missing.values()) {
      const [first] = certificates;
      if (first === undefined) continue;
      const others = certificates.length === 1 ? '' : ` and ${certificates.length - 1} more`;
      yield report(
        bundle,
        ['spec', 'consumers', place],
        `${consumer} would refuse ${first.certificate.name}${others}: this bundle lacks ${signers.authority}`,
        {
          related: certificates.map(({ certificate, place }) =>
            relatedTo(certificate, ['spec', 'consumers', place], `${consumer} relies on it`),
          ),
        },
      );
    }
  },
};

interface Trusted {
  readonly bundle: TrustBundleResource;
  /** Of the consumer in the bundle. */
  readonly place: number;
  readonly contents: BundleContents;
}

interface Missing extends Trusted {
  readonly consumer: string;
  readonly signers: Signers;
  readonly certificates: { readonly certificate: CertificateResource; readonly place: number }[];
}

/** By purpose and consumer. */
function trustOfConsumers(index: ProjectIndex, facts: TrustFacts): ReadonlyMap<string, readonly Trusted[]> {
  const trusted = new Map<string, Trusted[]>();
  for (const bundle of certificateBundles(index)) {
    const consumers = bundle.spec.consumers ?? [];
    if (consumers.length === 0) continue;
    const contents = contentsOf(bundle, index, facts);
    for (const [place, consumer] of consumers.entries()) {
      const key = `${purposeOf(bundle.spec)} ${consumer}`;
      const known = trusted.get(key);
      if (known === undefined) trusted.set(key, [{ bundle, place, contents }]);
      else known.push({ bundle, place, contents });
    }
  }
  return trusted;
}

/** The newest certificate of each bearer that somebody relies on, where its issuers are known. */
function* relied(
  context: RuleContext,
  facts: TrustFacts,
): Iterable<{
  readonly certificate: CertificateResource;
  readonly generation: Generation;
  readonly signers: Signers;
}> {
  for (const { resource, record } of recordedIdentities(context)) {
    if (resource.kind !== 'Certificate' || (resource.spec.consumers ?? []).length === 0) continue;
    const said = new Set<string>();
    for (const live of record.live.values()) {
      const generation = live.at(-1);
      const signers = generation && facts.signersOf(generation);
      if (generation === undefined || signers === undefined || said.has(signers.authority)) continue;
      said.add(signers.authority);
      yield { certificate: resource, generation, signers };
    }
  }
}

function purposesOf(certificate: CertificateResource, index: ProjectIndex): ReadonlySet<string> {
  const { request } = declarationOf(certificate, index);
  const usages = request.kind === 'Certificate' ? request.usages : [];
  return new Set(
    usages.flatMap((usage) =>
      usage === 'codeSigning'
        ? ['code-signing']
        : usage === 'serverAuth' || usage === 'clientAuth'
          ? ['tls']
          : [],
    ),
  );
}

/** What has expired vouches for nothing any more. What is not known here may well be the authority. */
function lacks(
  { copies, backends, isWhole }: BundleContents,
  generation: Generation,
  { keys }: Signers,
  now: Date,
): boolean {
  if (!isWhole) return false;
  const backend = generation.issued.backend;
  const isHeld = copies.every((held) =>
    held.some(({ key, notAfter }) => keys.has(key) && now.getTime() < Date.parse(notAfter)),
  );
  return !isHeld && !(backend !== null && backends.has(backend));
}
