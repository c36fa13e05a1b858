import { documentAt } from '../manifest/documentAt.ts';
import { shiftRange } from '../manifest/localFinding.ts';
import type { ManifestFile } from '../manifest/manifestFile.ts';
import type { Span, TreeNode } from '../manifest/tree.ts';
import { comparePositions } from '../text/lineIndex.ts';
import type { Position, Range } from '../text/position.ts';

/** From the smallest to the largest: scalar or key, entry, map, …, the document. Each holds the one before it. */
export function selectionAt(file: ManifestFile, position: Position): readonly Range[] {
  const document = documentAt(file, position.line);
  if (document === undefined) return [{ start: position, end: position }];
  const { root, lines, startLine, text } = document;
  const offset = lines.offsetAt({ line: position.line - startLine, character: position.character });
  const spans: Span[] = [{ start: 0, end: text.length }];
  if (root !== undefined) spans.push(...spansAt(root, offset));
  const ranges: Range[] = [];
  for (const { start, end } of spans.reverse()) {
    const range = shiftRange(lines.range(start, end), startLine);
    const inner = ranges.at(-1);
    if (inner === undefined || (contains(range, inner) && !contains(inner, range))) ranges.push(range);
  }
  return ranges;
}

function spansAt(root: TreeNode, offset: number): readonly Span[] {
  const spans: Span[] = [];
  const covers = ({ start, end }: Span): boolean => offset >= start && offset <= end;
  let node: TreeNode | undefined = covers(root) ? root : undefined;
  while (node !== undefined) {
    spans.push({ start: node.start, end: node.end });
    const entry = node.entries.find(({ keyStart, keyEnd, value }) =>
      covers({ start: keyStart, end: Math.max(keyEnd, value.end) }),
    );
    if (entry !== undefined) {
      spans.push({ start: entry.keyStart, end: Math.max(entry.keyEnd, entry.value.end) });
      if (offset <= entry.keyEnd) spans.push({ start: entry.keyStart, end: entry.keyEnd });
    }
    const below: readonly TreeNode[] = entry === undefined ? node.items : [entry.value];
    node = below.find((each) => covers(each) && each.start < each.end);
  }
  return spans;
}

function contains(outer: Range, inner: Range): boolean {
  return comparePositions(outer.start, inner.start) <= 0 && comparePositions(outer.end, inner.end) >= 0;
}
