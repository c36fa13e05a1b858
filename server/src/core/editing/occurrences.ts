/** Where a resource is named: in its own manifest and in those that refer to it. */
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { formerlyNamed } from '../identity/references.ts';
import { documentAt } from '../manifest/documentAt.ts';
import type { ManifestDocument } from '../manifest/manifestFile.ts';
import type { ManifestPath } from '../manifest/path.ts';
import type { Resource } from '../manifest/resource.ts';
import type { Position, Range } from '../text/position.ts';

export interface Occurrence {
  /** `former`: an entry of the resource's own `formerNames`. */
  readonly is: 'declaration' | 'reference' | 'former';
  readonly resource: Resource;
  /** In the file of `holder`, without quotes. */
  readonly range: Range;
  readonly holder: Resource;
  readonly path: ManifestPath;
}

export const NAME_PATH: ManifestPath = ['metadata', 'name'];

/** The resource that is named at a position. */
export function occurrenceAt(index: ProjectIndex, file: string, position: Position): Occurrence | undefined {
  const manifest = index.files.get(file);
  const document = manifest && documentAt(manifest, position.line);
  const holder = document?.resource;
  const at = document?.pathAt(position);
  if (document === undefined || holder === undefined || at === undefined || at.part !== 'value')
    return undefined;
  const range = withoutQuotes(document, at.range);
  const here = (is: Occurrence['is'], resource: Resource): Occurrence => ({
    is,
    resource,
    range,
    holder,
    path: at.path,
  });
  if (samePath(at.path, NAME_PATH)) return here('declaration', holder);
  if (at.path.length === 3 && at.path[0] === 'metadata' && at.path[1] === 'formerNames')
    return here('former', holder);
  const reference = index.referencesFrom(holder).find(({ path }) => samePath(path, at.path));
  if (reference === undefined) return undefined;
  const target = reference.target ?? formerlyNamed(index, reference, holder.namespace);
  return target === undefined ? undefined : here('reference', target);
}

/** Its own name first, then all that name it, by file and place. */
export function occurrencesOf(index: ProjectIndex, resource: Resource): readonly Occurrence[] {
  const at = (is: Occurrence['is'], holder: Resource, path: ManifestPath): readonly Occurrence[] => {
    const range = rangeIn(index, holder, path);
    return range === undefined ? [] : [{ is, resource, range, holder, path }];
  };
  return oncePerPlace(
    [
      ...at('declaration', resource, NAME_PATH),
      ...index.referencesTo(resource).flatMap(({ from, path }) => at('reference', from, path)),
    ],
    ({ holder, range }) => ({ file: holder.file, range }),
  );
}

/** What an alias or a merge key repeats stands in the text once. */
export function oncePerPlace<T>(
  all: readonly T[],
  placeOf: (one: T) => { readonly file: string; readonly range: Range },
): readonly T[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    const { file, range } = placeOf(one);
    const place = `${range.start.line}:${range.start.character} ${file}`;
    return seen.has(place) ? false : seen.add(place);
  });
}

/** The document that declares a resource. */
export function documentOf(index: ProjectIndex, resource: Resource): ManifestDocument | undefined {
  return index.files.get(resource.file)?.documents[resource.documentIndex];
}

function rangeIn(index: ProjectIndex, holder: Resource, path: ManifestPath): Range | undefined {
  const document = documentOf(index, holder);
  const range = holder.find(path);
  return document === undefined || range === undefined ? undefined : withoutQuotes(document, range);
}

function withoutQuotes({ text, lines, startLine }: ManifestDocument, range: Range): Range {
  const offset = (position: Position): number =>
    lines.offsetAt({ line: position.line - startLine, character: position.character });
  const first = text[offset(range.start)];
  if (first !== '"' && first !== "'") return range;
  const { start, end } = range;
  return {
    start: { line: start.line, character: start.character + 1 },
    end: { line: end.line, character: Math.max(0, end.character - 1) },
  };
}

export function samePath(a: ManifestPath, b: ManifestPath): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}
