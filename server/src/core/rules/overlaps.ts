/** Two or more items that have a key in common, in the order of the items. */
export interface Overlap<Item> {
  readonly key: string;
  readonly items: readonly Item[];
}

/**
 * Finds what has a key in common among the items of a list of groups. The answer rests on the list alone; groups that were
 * there the time before, at both ends of it, are not looked at again, so after a key the list's length hardly counts. A
 * group's items and an item's keys never change.
 */
export function overlapsBy<Group extends object, Item extends object>(
  itemsOf: (group: Group) => readonly Item[],
  keysOf: (item: Item) => readonly string[],
): (groups: readonly Group[]) => readonly Overlap<Item>[] {
  const holders = new Map<string, Set<Item>>();
  const shared = new Set<string>();
  let before: readonly Group[] = [];

  const add = (item: Item): void => {
    for (const key of keysOf(item)) {
      const others = holders.get(key);
      if (others === undefined) holders.set(key, new Set([item]));
      else if (others.add(item).size > 1) shared.add(key);
    }
  };
  const remove = (item: Item): void => {
    for (const key of keysOf(item)) {
      const others = holders.get(key);
      others?.delete(item);
      if (others?.size === 0) holders.delete(key);
      if ((others?.size ?? 0) < 2) shared.delete(key);
    }
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
      items: [...(holders.get(key) ?? [])].sort((a, b) => placeOf(a) - placeOf(b)),
    }));
  };
}
