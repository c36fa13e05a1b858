/** What YAML and JSON manifests hold, as plain data. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Keys and list indexes from the document's root: `['spec', 'deliverTo', 0, 'path']`. */
export type ManifestPath = readonly (string | number)[];

export type PathPart = 'key' | 'value';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where there is none. Inherited properties are not data. */
export function valueAt(value: JsonValue | undefined, path: ManifestPath): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const step of path) {
    if (Array.isArray(at)) at = typeof step === 'number' ? (at as readonly JsonValue[])[step] : undefined;
    else if (isObject(at)) at = Object.hasOwn(at, String(step)) ? at[String(step)] : undefined;
    else return undefined;
  }
  return at;
}

/** `spec.deliverTo[0].path`, as messages show it. */
export function formatPath(path: ManifestPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
