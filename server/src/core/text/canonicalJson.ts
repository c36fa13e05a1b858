/**
 * JSON in one form only, so that equal values have equal bytes (RFC 8785: members sorted by UTF-16 code units, no
 * white space, numbers and strings as ECMAScript writes them). Members that are `undefined` are left out, as in JSON.
 * Meant for data that `JSON.parse` gave or that could come from it: no cycles, no functions, no bigint.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = value as Readonly<Record<string, unknown>>;
    const members = Object.keys(fields)
      .filter((name) => fields[name] !== undefined)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
