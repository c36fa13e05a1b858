import { isIdentityKind } from '../../identity/identityId.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { IdentityResource, TrustBundleResource } from '../../manifest/resource.ts';
import { quotable } from '../../text/quote.ts';
import { textNumber } from '../../text/textNumber.ts';
import type { RuleContext } from '../context.ts';
import { overlapsBy } from '../overlaps.ts';
import { perValue } from '../perValue.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

interface Delivery {
  /** In `deliverTo`. */
  readonly at: number;
  /** One for each machine: numbers that are the same for the same place, and hardly ever for two. */
  readonly targets: readonly number[];
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
      const places = items.flatMap((delivery): readonly Place[] => {
        const holder = holders.get(delivery);
        return holder === undefined ? [] : [{ delivery, holder, targets: targetsOf(holder, delivery.at) }];
      });
      for (const [at, other] of places.entries()) {
        const first = places.find(
          (each, earlier) => earlier < at && each.targets.some((to) => other.targets.includes(to)),
        );
        if (first === undefined || told.has(other.delivery)) continue;
        told.add(other.delivery);
        const { holder } = other;
        const path = pathOf(other.delivery);
        const whose = first.holder === holder ? 'another delivery' : first.holder.key.replace('//', '/');
        const shown = quotable(holder.source(path)?.replace(/^(["'])(.*)\1$/, '$2')) ?? 'this path';
        yield report(holder, path, `${whose} writes to ${shown}, too; give each its own path`, {
          related: [relatedTo(first.holder, pathOf(first.delivery), 'the other one')],
        });
      }
    }
  },
  remember(resource) {
    if (isIdentityKind(resource.kind) || resource.kind === 'TrustBundle')
      writtenBy(resource as unknown as Holder);
  },
};

interface Place {
  readonly delivery: Delivery;
  readonly holder: Holder;
  readonly targets: readonly string[];
}

const pathOf = ({ at }: Delivery): ManifestPath => ['spec', 'deliverTo', at, 'path'];

/** What delivers says where to in the same fields. */
interface Delivering {
  readonly machines?: readonly string[];
  readonly deliverTo?: readonly { readonly backend: string; readonly as?: string; readonly path: string }[];
}

const NOTHING: readonly Delivery[] = [];

const writtenBy = perValue((holder: Holder): readonly Delivery[] => {
  if (holder.kind === 'Workload' || !holder.usable) return NOTHING;
  const { deliverTo = [] }: Delivering = holder.spec;
  return deliverTo.map((_, at) => ({ at, targets: targetsOf(holder, at).map(textNumber) }));
});

const sameTarget = overlapsBy(writtenBy, ({ targets }: Delivery) => targets);

/** As strings that are the same for the same place. */
function targetsOf(holder: Holder, at: number): readonly string[] {
  const spec: Delivering = holder.kind === 'Workload' ? {} : holder.spec;
  const delivery = spec.deliverTo?.[at];
  if (delivery === undefined) return [];
  const { backend, as = '', path } = delivery;
  return writtenPaths(spec, path).map((written) => JSON.stringify([backend, as, written]));
}

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
