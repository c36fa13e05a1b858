import { shiftRange } from '../manifest/localFinding.ts';
import type { ManifestDocument } from '../manifest/manifestFile.ts';
import type { Resource } from '../manifest/resource.ts';
import { nodeAt, type TreeNode } from '../manifest/tree.ts';
import { yamlText } from '../schema/place.ts';
import type { Range } from '../text/position.ts';

interface Edit {
  readonly range: Range;
  readonly newText: string;
}

/**
 * Puts the present name of a resource into its `formerNames`, in the layout that is there. A resource that gets a name
 * back which it had before gives the present one for it: no name is its own former one. Undefined: it is there already.
 */
export function formerNameEdit(
  document: ManifestDocument,
  resource: Pick<Resource, 'name' | 'formerNames'>,
  newName: string,
): Edit | undefined {
  const { root, text, lines, startLine } = document;
  if (root === undefined) return undefined;
  const metadata = nodeAt(root, ['metadata']);
  const name = metadata?.entries.find(({ key }) => key === 'name');
  if (metadata === undefined || name === undefined) return undefined;
  const at = (start: number, end = start): Range => shiftRange(lines.range(start, end), startLine);
  const isJson = text[name.keyStart] === '"';
  const written = isJson ? JSON.stringify(resource.name) : yamlText(resource.name);
  const list = metadata.entries.find(({ key }) => key === 'formerNames')?.value;

  const back = resource.formerNames.indexOf(newName);
  const returned = list?.kind === 'list' && back !== -1 ? list.items[back] : undefined;
  if (returned !== undefined) return { range: at(returned.start, returned.end), newText: written };
  if (resource.formerNames.includes(resource.name)) return undefined;
  if (list?.kind === 'list') return { range: at(endOfLast(list)), newText: added(document, list, written) };

  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const field = isJson ? `"formerNames": [${written}]` : `formerNames: [${written}]`;
  // An empty `formerNames:` is filled, not written twice.
  const empty = metadata.entries.find(({ key }) => key === 'formerNames');
  if (empty !== undefined)
    return { range: at(empty.keyStart, Math.max(empty.keyEnd, empty.value.end)), newText: field };
  if (metadata.flow || text[metadata.start] === '{')
    return { range: at(name.value.end), newText: `, ${field}` };
  const newline = text.indexOf('\n', name.value.end);
  const lineEnd = newline === -1 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline;
  const column = lines.positionAt(name.keyStart).character;
  return { range: at(lineEnd), newText: `${eol}${' '.repeat(column)}${field}` };
}

function endOfLast(list: TreeNode): number {
  return list.items.at(-1)?.end ?? list.start + 1;
}

function added({ text, lines }: ManifestDocument, list: TreeNode, written: string): string {
  const last = list.items.at(-1);
  if (last === undefined) return written;
  if (list.flow || text[list.start] === '[') return `, ${written}`;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return `${eol}${' '.repeat(lines.positionAt(list.start).character)}- ${written}`;
}
