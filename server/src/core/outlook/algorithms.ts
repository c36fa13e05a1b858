import { type AlgorithmFacts, algorithmFacts } from './algorithmFacts.ts';
import { KEY_BINDINGS, type KeyBinding } from './keyBinding.ts';
import type { Lifetime } from './lifetime.ts';

export interface AlgorithmUse extends AlgorithmFacts {
  readonly count: number;
  /** How many of them get another algorithm by a change of their manifest alone. */
  readonly byManifest: number;
}

export interface Agility {
  /** Most used first. */
  readonly algorithms: readonly AlgorithmUse[];
  /** What stands between a manifest and another algorithm, of everything that has a key. */
  readonly bindings: Readonly<Record<KeyBinding, number>>;
}

/** Which key algorithms are in use, and how easily each identity gets another one. What has ended does not count. */
export function agilityOf(lifetimes: readonly Lifetime[]): Agility {
  const bindings = Object.fromEntries(KEY_BINDINGS.map((binding) => [binding, 0])) as Record<
    KeyBinding,
    number
  >;
  const uses = new Map<string, { count: number; byManifest: number }>();
  for (const { row, life, binding } of lifetimes) {
    if (life === 'ended') continue;
    bindings[binding] += 1;
    if (row.algorithm === null) continue;
    let use = uses.get(row.algorithm);
    if (use === undefined) {
      use = { count: 0, byManifest: 0 };
      uses.set(row.algorithm, use);
    }
    use.count += 1;
    if (binding === 'manifest') use.byManifest += 1;
  }
  const algorithms = [...uses]
    .map(([name, use]) => ({ ...algorithmFacts(name), ...use }))
    .sort((a, b) => b.count - a.count || (a.algorithm < b.algorithm ? -1 : 1));
  return { algorithms, bindings };
}
