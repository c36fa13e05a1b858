/** Keeps what was put in or asked for lately, up to twice a size; what was not used for long is let go. */
export interface RecentlyUsed<Key extends object, Value> {
  get(key: Key): Value | undefined;
  put(key: Key, value: Value): void;
}

/** Two halves: what is used moves into the younger one, and when that is full the older one is dropped as a whole. */
export function recentlyUsed<Key extends object, Value>(
  sizeOf: (key: Key) => number,
  most: number,
): RecentlyUsed<Key, Value> {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();
  let size = 0;
  const put = (key: Key, value: Value): void => {
    const own = sizeOf(key);
    if (size + own > most && young.size > 0) {
      old = young;
      young = new Map();
      size = 0;
    }
    size += own;
    young.set(key, value);
  };
  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const found = old.get(key);
      if (found !== undefined) {
        old.delete(key);
        put(key, found);
      }
      return found;
    },
    put,
  };
}
