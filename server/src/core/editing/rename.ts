import type { TextEdit } from '../finding.ts';
import { isObserved } from '../identity/certManager.ts';
import { DEFAULT_NAMESPACE, formatIdentity, isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex, Reference } from '../identity/projectIndex.ts';
import { nameIn } from '../identity/references.ts';
import type { ManifestDocument } from '../manifest/manifestFile.ts';
import type { Resource } from '../manifest/resource.ts';
import { checkFormat } from '../schema/formats/formats.ts';
import { yamlText } from '../schema/place.ts';
import type { Range } from '../text/position.ts';
import { formerNameEdit } from './formerName.ts';
import { documentOf, NAME_PATH, oncePerPlace } from './occurrences.ts';

/** One edit, and what it is for. */
export interface RenameEdit extends TextEdit {
  readonly what: 'name' | 'reference' | 'record';
}

export type Rename =
  | { readonly edits: readonly RenameEdit[] }
  /** Why not, as a sentence for a person. */
  | { readonly problem: string };

/**
 * Another name for a resource: in its manifest and wherever it is named. The old name of an identity goes to its
 * `formerNames`, since its record is found by them. Afterwards every reference means what it meant before.
 */
export function planRename(index: ProjectIndex, resource: Resource, newName: string): Rename {
  const problem = refusal(index, resource, newName);
  if (problem !== undefined) return { problem };
  if (newName === resource.name) return { edits: [] };
  const document = documentOf(index, resource);
  const place = resource.find(NAME_PATH);
  if (document === undefined || place === undefined)
    return { problem: 'The manifest cannot be read here; correct what is wrong with it first.' };
  const edits: RenameEdit[] = [
    { what: 'name', file: resource.file, ...replace(document, place, resource.name, newName) },
  ];
  for (const from of index.resources) {
    for (const reference of index.referencesFrom(from)) {
      const written = nameAfter(index, resource, newName, reference);
      const holder = documentOf(index, from);
      if (written === undefined || holder === undefined) continue;
      edits.push({
        what: 'reference',
        file: from.file,
        ...replace(holder, reference.range, reference.name, written),
      });
    }
  }
  if (isIdentityKind(resource.kind)) {
    const edit = formerNameEdit(document, resource, newName);
    if (edit !== undefined) edits.push({ what: 'record', file: resource.file, ...edit });
  }
  return { edits: oncePerPlace(edits, (edit) => edit) };
}

function refusal(index: ProjectIndex, resource: Resource, newName: string): string | undefined {
  if (isObserved(resource.id))
    return 'An object of a cluster keeps its name: under another one it would be made anew, and the old one would stay. Change the manifest by hand, and delete the old object.';
  const wrong = checkFormat('dns-label', newName);
  if (wrong !== undefined) return `This is no name for a ${resource.kind}: ${wrong.message}.`;
  if (newName === resource.name) return undefined;
  const id = { ...resource.id, name: newName };
  const shown = formatIdentity(id).replace('//', '/');
  const taken = index.get(id);
  if (taken !== undefined) return `${shown} is declared already, in ${taken.file}. Choose another name.`;
  const twin = index.resources.filter((each) => formatIdentity(each.id) === formatIdentity(resource.id));
  if (twin.length > 1)
    return `Two manifests declare ${formatIdentity(resource.id).replace('//', '/')}. Give one of them another name by hand first.`;
  const heir = isIdentityKind(resource.kind) ? formerOwner(index, resource, newName) : undefined;
  if (heir !== undefined)
    return `${shown} is a former name of ${formatIdentity(heir.id)}, whose record goes on under it. Choose another name.`;
  return undefined;
}

/** Another identity whose record holds what was recorded under that name. */
function formerOwner(
  index: ProjectIndex,
  { id, kind, namespace }: Resource,
  name: string,
): Resource | undefined {
  return index.resources.find(
    (other) =>
      other.kind === kind &&
      formatIdentity(other.id) !== formatIdentity(id) &&
      other.formerNames.some((former) =>
        former.includes('/')
          ? former === `${namespace}/${name}`
          : former === name && other.namespace === namespace,
      ),
  );
}

/**
 * How a reference is to be written, undefined when as it is. A plain name is looked for in the namespace of who names it,
 * then in `default`: a new name must neither be hidden by another resource of its kind nor hide one.
 */
function nameAfter(
  index: ProjectIndex,
  resource: Resource,
  newName: string,
  reference: Reference,
): string | undefined {
  const { kind, target, from, saysKind } = reference;
  if (kind !== resource.kind) return undefined;
  const name = nameIn(reference);
  const before = saysKind ? `${kind}/` : '';
  const isOurs = target !== undefined && formatIdentity(target.id) === formatIdentity(resource.id);
  if (resource.namespace === '') return isOurs ? newName : undefined;
  if (!isOurs) {
    const isHidden = name === newName && from.namespace === resource.namespace && target !== undefined;
    return isHidden ? `${before}${DEFAULT_NAMESPACE}/${name}` : undefined;
  }
  const isFound =
    resource.namespace === from.namespace ||
    index.get({ kind, namespace: from.namespace, name: newName }) === undefined;
  return `${before}${name.includes('/') || !isFound ? `${resource.namespace}/${newName}` : newName}`;
}

/** Inside the quotes where the old name has some. */
function replace(
  { text, lines, startLine }: ManifestDocument,
  range: Range,
  oldName: string,
  newName: string,
): { readonly range: Range; readonly newText: string } {
  const start = lines.offsetAt({ line: range.start.line - startLine, character: range.start.character });
  const end = lines.offsetAt({ line: range.end.line - startLine, character: range.end.character });
  const written = text.slice(start, end);
  const quote = written[0];
  const isQuoted = (quote === '"' || quote === "'") && written === `${quote}${oldName}${quote}`;
  return { range, newText: isQuoted ? `${quote}${newName}${quote}` : yamlText(newName) };
}
