/** Reads once, and when it is asked for the first time. */
export function lazily<T>(read: () => T): () => T {
  let state: { readonly value: T } | undefined;
  return () => {
    state ??= { value: read() };
    return state.value;
  };
}
