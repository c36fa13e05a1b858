/** Two or more items that have a key in common, in the order of the items. */
export interface Overlap<Item, Key = string> {
  readonly key: Key;
  readonly items: readonly Item[];
}

/**
 * Finds what has a key in common among the items of a list of groups. The answer rests on the list alone; groups that were
 * there the time before, at both ends of it, are not looked at again, so after a key the list's length hardly counts. A
 * group's items and an item's keys never change.
 */
export function overlapsBy<Group extends object, Item extends object, Key extends string | number>(
  itemsOf: (group: Group) => readonly Item[],
  keysOf: (item: Item) => readonly Key[],
): (groups: readonly Group[]) => readonly Overlap<Item, Key>[] {
  // Nearly every key has one holder: a set for each of them would take most of the memory.
  const holders = new Map<Key, Item | Set<Item>>();
  const shared = new Set<Key>();
  let before: readonly Group[] = [];

  const add = (item: Item): void => {
    for (const key of keysOf(item)) {
      const others = holders.get(key);
      if (others === undefined) holders.set(key, item);
      else if (others instanceof Set) others.add(item);
      else if (others !== item) {
        holders.set(key, new Set([others, item]));
        shared.add(key);
      }
    }
  };
  const remove = (item: Item): void => {
    for (const key of keysOf(item)) {
      const others = holders.get(key);
      if (others === item) holders.delete(key);
      if (!(others instanceof Set) || !others.delete(item)) continue;
      const [last] = others;
      if (others.size > 1 || last === undefined) continue;
      holders.set(key, last);
      shared.delete(key);
    }
  };
  const itemsAt = (key: Key): readonly Item[] => {
    const found = holders.get(key);
    return found instanceof Set ? [...found] : found === undefined ? [] : [found];
  };

  return (groups) => {
    let head = 0;
    while (head < groups.length && groups[head] === before[head]) head += 1;
    let tail = 0;
    const longest = Math.min(groups.length, before.length) - head;
    while (tail < longest && groups[groups.length - 1 - tail] === before[before.length - 1 - tail]) tail += 1;
    for (const group of before.slice(head, before.length - tail)) itemsOf(group).forEach(remove);
    for (const group of groups.slice(head, groups.length - tail)) itemsOf(group).forEach(add);
    before = groups;
    if (shared.size === 0) return [];
    const order = new Map(groups.flatMap(itemsOf).map((item, place) => [item, place]));
    const placeOf = (item: Item): number => order.get(item) ?? 0;
    return Array.from(shared, (key) => ({
      key,
      items: itemsAt(key).toSorted((a, b) => placeOf(a) - placeOf(b)),
    }));
  };
}
