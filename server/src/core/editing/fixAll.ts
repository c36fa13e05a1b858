import type { Finding, TextEdit } from '../finding.ts';
import { comparePositions } from '../text/lineIndex.ts';

/**
 * The edits of all fixes that are almost surely meant, in one file. Of two that touch the same place the first finding's
 * counts; a fix that reaches into other files is left to a person.
 */
export function preferredEdits(findings: readonly Finding[], file: string): readonly TextEdit[] {
  const chosen: TextEdit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes.find(({ preferred }) => preferred);
    if (fix === undefined || fix.edits.some((edit) => edit.file !== file)) continue;
    if (fix.edits.some((edit) => chosen.some((other) => overlaps(edit, other)))) continue;
    chosen.push(...fix.edits);
  }
  return chosen;
}

/** Two insertions at one place have an order that nobody chose, so they count as overlapping. */
function overlaps({ range: a }: TextEdit, { range: b }: TextEdit): boolean {
  return comparePositions(a.start, b.end) <= 0 && comparePositions(b.start, a.end) <= 0;
}
