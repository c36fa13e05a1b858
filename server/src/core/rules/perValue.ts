/**
 * Computes once per value, for as long as the value lives. Documents that did not change keep their values, so after a
 * key only the changed one costs anything. The function must be pure.
 */
export function perValue<Value extends object, Result>(
  compute: (value: Value) => Result,
): (value: Value) => Result {
  const known = new WeakMap<Value, { readonly result: Result }>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before.result;
    const result = compute(value);
    known.set(value, { result });
    return result;
  };
}
