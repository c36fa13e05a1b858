import { isObject, type JsonObject } from '../manifest/path.ts';
import type { NamedResource } from '../manifest/resource.ts';
import { flat } from '../text/textBuffer.ts';

/** What selectors ask of a resource: at hand for all of a project, where what the manifests say is not. */
export interface Selection {
  readonly labels: Readonly<Record<string, string>>;
  /** `spec.owner.team`, as written. */
  readonly team: string | undefined;
  /** Backend that makes it: `spec.issuer`, `store` or `registry`. */
  readonly issuer: string | undefined;
  /** All backends that it names, sorted. */
  readonly backends: readonly string[];
}

const NOTHING: Selection = { labels: {}, team: undefined, issuer: undefined, backends: [] };

/** Most manifests of a team say the same. */
const known = new Map<string, Selection>();
const MOST_KNOWN = 10_000;

export function selectionOf(
  labels: Readonly<Record<string, string>>,
  spec: JsonObject,
  names: readonly NamedResource[],
): Selection {
  const { owner, issuer, store, registry } = spec;
  const maker = [issuer, store, registry].find((each) => typeof each === 'string');
  const team = isObject(owner) && typeof owner['team'] === 'string' ? owner['team'] : undefined;
  const backends = [...new Set(names.flatMap(({ kind, name }) => (kind === 'Backend' ? [name] : [])))].sort();
  const entries = Object.entries(labels);
  if (entries.length === 0 && maker === undefined && team === undefined && backends.length === 0)
    return NOTHING;
  const key = JSON.stringify([entries.sort(), team ?? null, maker ?? null, backends]);
  const before = known.get(key);
  if (before !== undefined) return before;
  // Parts of a document's text would keep all of that in memory.
  const selection: Selection = {
    labels: Object.fromEntries(entries.map(([name, value]) => [flat(name), flat(value)])),
    team: team === undefined ? undefined : flat(team),
    issuer: maker === undefined ? undefined : flat(maker),
    backends: backends.map(flat),
  };
  if (known.size < MOST_KNOWN) known.set(key, selection);
  return selection;
}
