/** Reads a CPU profile of V8: for how long at a stretch did code of one bundle keep the thread? */

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly url: string; readonly functionName: string };
  readonly children?: readonly number[];
}

/** As the inspector protocol gives it: times in microseconds. */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export interface Turn {
  readonly milliseconds: number;
  /** Function of the bundle that was lowest on the stack. */
  readonly from: string;
}

/**
 * The longest stretches in which each sample had a function of `isOurs` on its stack, longest first. What a garbage
 * collection takes in between is counted, since nobody else runs then either.
 */
export function longestTurns(profile: Profile, isOurs: (url: string) => boolean, most = 5): readonly Turn[] {
  const parents = new Map<number, number>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  for (const { id, children = [] } of profile.nodes) for (const child of children) parents.set(child, id);

  const known = new Map<number, string | undefined>();
  /** The outermost function of ours on the stack of this node; undefined: there is none. */
  const outermost = (id: number): string | undefined => {
    if (known.has(id)) return known.get(id);
    const parent = parents.get(id);
    const above = parent === undefined ? undefined : outermost(parent);
    const frame = nodes.get(id)?.callFrame;
    const found =
      above ?? (frame !== undefined && isOurs(frame.url) ? frame.functionName || '(anonymous)' : undefined);
    known.set(id, found);
    return found;
  };

  const turns: Turn[] = [];
  let microseconds = 0;
  let from: string | undefined;
  const end = (): void => {
    if (from !== undefined) turns.push({ milliseconds: microseconds / 1000, from });
    microseconds = 0;
    from = undefined;
  };
  const { samples = [], timeDeltas = [] } = profile;
  samples.forEach((sample, place) => {
    const isCollection = nodes.get(sample)?.callFrame.functionName === '(garbage collector)';
    const ours = outermost(sample);
    // A sample stands for the time until the next one.
    const lasted = timeDeltas[place + 1] ?? 0;
    if (ours !== undefined || (isCollection && from !== undefined)) {
      from ??= ours;
      microseconds += lasted;
    } else end();
  });
  end();
  return turns.sort((one, other) => other.milliseconds - one.milliseconds).slice(0, most);
}
