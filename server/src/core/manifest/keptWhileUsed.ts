/** Decides which values stay with those whose they are, up to a size: what is used stays, what was not used for a while goes. */
export interface KeptWhileUsed<Owner extends object, Value> {
  of(owner: Owner): Value | undefined;
  /** Says of whom it is kept from now on. Where everything that is there is in use, nothing more is kept. */
  keep(owner: Owner, value: Value): void;
}

/** The place where the owner has it: there are thousands, and each is asked for at once. */
export interface KeptPlace<Value> {
  kept: { readonly value: Value; isUsed: boolean } | undefined;
}

/**
 * A hand goes around (second chance): of each new one it looks at one that is there, and drops it if nobody used it since it was
 * there last. So a walk over more than there is room for does not drop what the next walk begins with.
 */
export function keptWhileUsed<Owner extends KeptPlace<Value>, Value>(
  sizeOf: (owner: Owner) => number,
  most: number,
): KeptWhileUsed<Owner, Value> {
  const ring: Owner[] = [];
  let hand = 0;
  let size = 0;
  return {
    of({ kept }) {
      if (kept === undefined) return undefined;
      kept.isUsed = true;
      return kept.value;
    },
    keep(owner, value) {
      const own = sizeOf(owner);
      if (size + own > most) {
        const there = ring[hand];
        if (there?.kept === undefined) return;
        if (there.kept.isUsed || size - sizeOf(there) + own > most) {
          there.kept.isUsed = false;
          hand = (hand + 1) % ring.length;
          return;
        }
        there.kept = undefined;
        size += own - sizeOf(there);
        ring[hand] = owner;
        hand = (hand + 1) % ring.length;
      } else {
        ring.push(owner);
        size += own;
      }
      owner.kept = { value, isUsed: true };
    },
  };
}
