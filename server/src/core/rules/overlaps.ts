/** Two or more items that have a key in common, in the order of the items. */
export interface Overlap<Item> {
  readonly key: string;
  readonly items: readonly Item[];
}

/**
 * Finds what has a key in common. The answer rests on the items alone; those that were there the time before, at both ends
 * of the list, are not looked at again, so after a key the list's length hardly counts. An item's keys never change.
 */
export function overlapsBy<Item extends object>(
  keysOf: (item: Item) => readonly string[],
): (items: readonly Item[]) => readonly Overlap<Item>[] {
  const holders = new Map<string, Set<Item>>();
  const shared = new Set<string>();
  let before: readonly Item[] = [];

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

  return (items) => {
    let head = 0;
    while (head < items.length && items[head] === before[head]) head += 1;
    let tail = 0;
    const longest = Math.min(items.length, before.length) - head;
    while (tail < longest && items.at(-1 - tail) === before.at(-1 - tail)) tail += 1;
    for (const item of before.slice(head, before.length - tail)) remove(item);
    for (const item of items.slice(head, items.length - tail)) add(item);
    before = items;
    if (shared.size === 0) return [];
    const order = new Map(items.map((item, place) => [item, place]));
    const placeOf = (item: Item): number => order.get(item) ?? 0;
    return Array.from(shared, (key) => ({
      key,
      items: [...(holders.get(key) ?? [])].sort((a, b) => placeOf(a) - placeOf(b)),
    }));
  };
}
