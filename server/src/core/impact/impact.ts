import type { Dependent, Layer } from './dependents.ts';
import { LAYERS } from './dependents.ts';
import type { Tie } from './relations.ts';

/** One box of the picture: one thing that breaks, or several of one layer that there was no room for. */
export interface ImpactNode {
  readonly id: string;
  readonly layer: Layer;
  /** Null: a name that no manifest declares, or several kinds. */
  readonly kind: string | null;
  readonly namespace: string;
  /** Of a group: what its members have in common; null where they have no owner. */
  readonly name: string | null;
  readonly owner: string | null;
  /** More than one: a group. */
  readonly count: number;
  /** By what a group was made; `rest`: those that are left over. */
  readonly group: 'owner' | 'namespace' | 'kind' | 'rest' | null;
  /** Every way in which it needs what breaks. */
  readonly ties: readonly Tie[];
  /** Boxes that it needs; the subject's own id among them. */
  readonly needs: readonly string[];
}

export interface Impact {
  readonly subject: string;
  /** Layers that have something, nearest first. */
  readonly layers: readonly {
    readonly layer: Layer;
    readonly total: number;
    readonly nodes: readonly ImpactNode[];
  }[];
  /** Of everything that breaks, without those that have none. */
  readonly owners: number;
}

/** What breaks, in layers of at most `limit` boxes each. Nothing is left out: what has no box of its own is in a group's. */
export function impactOf(subject: string, dependents: readonly Dependent[], limit: number): Impact {
  /** Box of each thing, by its id. */
  const boxes = new Map<string, string>([[subject, subject]]);
  const drawn = LAYERS.flatMap((layer) => {
    const members = dependents.filter((each) => each.layer === layer);
    if (members.length === 0) return [];
    const groups = grouped(layer, members, limit);
    for (const { id, of } of groups) for (const member of of) boxes.set(member.id, id);
    return [{ layer, total: members.length, groups }];
  });
  return {
    subject,
    layers: drawn.map(({ layer, total, groups }) => ({
      layer,
      total,
      nodes: groups.map((group) => nodeOf(group, layer, boxes)),
    })),
    owners: new Set(dependents.flatMap(({ owner }) => owner ?? [])).size,
  };
}

interface Group {
  readonly id: string;
  readonly by: ImpactNode['group'];
  readonly name: string | null;
  readonly of: readonly Dependent[];
}

function grouped(layer: Layer, members: readonly Dependent[], limit: number): readonly Group[] {
  if (members.length <= limit) return [...members].sort(byName).map(alone);
  if (layer === 'consumers') {
    // Those that lose most are named.
    const ranked = [...members].sort((a, b) => b.needs.size - a.needs.size || byName(a, b));
    const rest = ranked.slice(limit - 1);
    return [...ranked.slice(0, limit - 1).map(alone), restOf(layer, rest)];
  }
  const [by, found] = partedBy(members);
  const parts = [...found].sort(
    ([a, first], [b, second]) => second.length - first.length || ((a ?? '') < (b ?? '') ? -1 : 1),
  );
  const room = parts.length <= limit ? parts.length : limit - 1;
  const rest = parts.slice(room).flatMap(([, of]) => of);
  return [
    ...parts
      .slice(0, room)
      .map(([name, of]): Group => ({ id: `${layer}/${by}/${name ?? ''}`, by, name, of })),
    ...(rest.length === 0 ? [] : [restOf(layer, rest)]),
  ];
}

/** By the first thing in which they differ. */
function partedBy(
  members: readonly Dependent[],
): readonly ['owner' | 'namespace' | 'kind', ReadonlyMap<string | null, readonly Dependent[]>] {
  const byOwner = partsOf(members, ({ owner }) => owner);
  if (byOwner.size > 1) return ['owner', byOwner];
  const byNamespace = partsOf(members, ({ namespace }) => namespace);
  if (byNamespace.size > 1) return ['namespace', byNamespace];
  return ['kind', partsOf(members, ({ kind }) => kind)];
}

function alone(member: Dependent): Group {
  return { id: member.id, by: null, name: member.name, of: [member] };
}

function restOf(layer: Layer, of: readonly Dependent[]): Group {
  return { id: `${layer}/rest`, by: 'rest', name: null, of };
}

function partsOf(
  members: readonly Dependent[],
  partOf: (member: Dependent) => string | null,
): ReadonlyMap<string | null, readonly Dependent[]> {
  const parts = new Map<string | null, Dependent[]>();
  for (const member of members) {
    const part = partOf(member);
    const others = parts.get(part);
    if (others === undefined) parts.set(part, [member]);
    else others.push(member);
  }
  return parts;
}

function nodeOf({ id, by, name, of }: Group, layer: Layer, boxes: ReadonlyMap<string, string>): ImpactNode {
  const [first] = of;
  const ties = new Set<Tie>();
  const needs = new Set<string>();
  for (const member of of) {
    for (const [from, which] of member.needs) {
      for (const tie of which) ties.add(tie);
      const box = boxes.get(from);
      if (box !== undefined && box !== id) needs.add(box);
    }
  }
  const same = <V>(read: (member: Dependent) => V): V | null => {
    const value = first === undefined ? null : read(first);
    return of.every((member) => read(member) === value) ? value : null;
  };
  return {
    id,
    layer,
    kind: same(({ kind }) => kind),
    namespace: by === null ? (first?.namespace ?? '') : '',
    name,
    owner: same(({ owner }) => owner),
    count: of.length,
    group: by,
    ties: [...ties],
    needs: [...needs],
  };
}

function byName(a: Dependent, b: Dependent): number {
  return a.id < b.id ? -1 : 1;
}
