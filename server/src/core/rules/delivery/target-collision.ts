import type { ManifestPath } from '../../manifest/path.ts';
import type { IdentityResource, TrustBundleResource } from '../../manifest/resource.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { overlapsBy } from '../overlaps.ts';
import { perValue } from '../perValue.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

interface Delivery {
  readonly path: ManifestPath;
  /** One for each machine, as strings that are the same for the same place. */
  readonly targets: readonly string[];
}

type Holder = IdentityResource | TrustBundleResource;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'delivery/target-collision',
    severity: 'error',
    title: 'Two deliveries write to the same place',
    why: 'The later one overwrites the earlier. Whoever reads there gets the wrong credential, or a key that does not fit.',
    remedy:
      'Give each delivery a path of its own. What belongs into one file is one delivery with several contents.',
  },
  *check({ index }) {
    const identities: readonly Holder[] = index.identities();
    const bundles = index.trustBundles();
    const all = bundles.length === 0 ? identities : identities.concat(bundles);
    const repeated: ReadonlySet<unknown> = new Set(index.repeated);
    const counting = repeated.size === 0 ? all : all.filter((holder) => !repeated.has(holder));
    const overlaps = sameTarget(counting);
    if (overlaps.length === 0) return;
    const holders = new Map(counting.flatMap((holder) => writtenBy(holder).map((each) => [each, holder])));
    const told = new Set<Delivery>();
    for (const { items } of overlaps) {
      const [first, ...others] = items;
      const firstHolder = first && holders.get(first);
      for (const other of others) {
        const holder = holders.get(other);
        if (firstHolder === undefined || first === undefined || holder === undefined || told.has(other))
          continue;
        told.add(other);
        const whose = firstHolder === holder ? 'another delivery' : firstHolder.key.replace('//', '/');
        const shown = quotable(holder.source(other.path)?.replace(/^(["'])(.*)\1$/, '$2')) ?? 'this path';
        yield report(holder, other.path, `${whose} writes to ${shown}, too; give each its own path`, {
          related: [relatedTo(firstHolder, first.path, 'the other one')],
        });
      }
    }
  },
};

/** What delivers says where to in the same fields. */
interface Delivering {
  readonly machines?: readonly string[];
  readonly deliverTo?: readonly { readonly backend: string; readonly as?: string; readonly path: string }[];
}

const deliveriesOf = perValue((spec: Delivering): readonly Delivery[] =>
  (spec.deliverTo ?? []).map(({ backend, as = '', path }, place) => ({
    path: ['spec', 'deliverTo', place, 'path'],
    targets: writtenPaths(spec, path).map((written) => JSON.stringify([backend, as, written])),
  })),
);

const writtenBy = (holder: Holder): readonly Delivery[] =>
  holder.kind !== 'Workload' && holder.usable ? deliveriesOf(holder.spec) : [];

const sameTarget = overlapsBy(writtenBy, ({ targets }: Delivery) => targets);

/** Paths as they are written in the end, in the one form that they have for a disk that ignores case. */
function writtenPaths({ machines = [] }: Delivering, path: string): readonly string[] {
  const written = path.includes('{machine}')
    ? machines.map((machine) => path.replaceAll('{machine}', machine))
    : [path];
  return written.map((each) =>
    each
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/')
      .toLowerCase(),
  );
}
