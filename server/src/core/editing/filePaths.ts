import type { ManifestDocument } from '../manifest/manifestFile.ts';
import { isObject, type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import { backendTypeOf, described, schemaOf } from '../schema/schemaAt.ts';
import type { Range } from '../text/position.ts';
import { projectPathProblem } from '../text/relativePath.ts';

/** A text in a manifest that names a file of the project. */
export interface NamedFile {
  readonly range: Range;
  /** Relative to the project root; one for each machine where the path has `{machine}`. */
  readonly files: readonly string[];
}

/** Deliveries, certificate requests, what an authority publishes: where the document itself says so. */
export function namedFiles(document: ManifestDocument): readonly NamedFile[] {
  const { value, resource } = document;
  const root = resource && schemaOf(resource.kind, backendTypeOf(value));
  if (resource === undefined || root === undefined || value === undefined) return [];
  const found: NamedFile[] = [];
  const listed = valueAt(resource.spec, ['machines']);
  const machines = Array.isArray(listed) ? listed.filter((each) => typeof each === 'string') : [];
  for (const { path, text, schema } of described(root, value)) {
    const isPath = schema.format === 'project-path' || (path.at(-1) === 'path' && isFile(value, path));
    const range = isPath ? document.locate(path) : undefined;
    if (range === undefined) continue;
    const files = text.includes('{machine}')
      ? machines.map((machine) => text.replaceAll('{machine}', machine.split('/').at(-1) ?? machine))
      : [text];
    found.push({ range, files: files.filter((file) => projectPathProblem(file) === undefined) });
  }
  return found;
}

/** A delivery may also go to a secret store, whose paths are no files. */
function isFile(value: JsonValue, path: ManifestPath): boolean {
  const holder = valueAt(value, path.slice(0, -1));
  if (!isObject(holder) || !Object.hasOwn(holder, 'as')) return true;
  return holder['as'] === 'file';
}
