import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Sandbox } from './idac.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

export interface FindingJson {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly range: { readonly start: Place; readonly end: Place };
  readonly fixes: readonly {
    readonly preferred: boolean;
    readonly edits: readonly {
      readonly file: string;
      readonly range: { readonly start: Place; readonly end: Place };
      readonly newText: string;
    }[];
  }[];
}

/** Applies the preferred fix of each finding, as an editor would. All of them must have one. */
export async function applyQuickFixes(place: Sandbox, args: readonly string[] = []): Promise<void> {
  const { data } = await place.json(['check', ...args]);
  // From the end of each file on, so that no edit moves another's place.
  for (const { rule, file, fixes } of (data['findings'] as readonly FindingJson[]).toReversed()) {
    const fix = fixes.find(({ preferred }) => preferred);
    assert.ok(fix, `${file}: ${rule} has no preferred fix`);
    for (const edit of fix.edits) {
      const full = path.join(place.folder, edit.file);
      const text = readFileSync(full, 'utf8');
      const [start, end] = [edit.range.start, edit.range.end].map((at) => offsetOf(text, at));
      writeFileSync(full, text.slice(0, start) + edit.newText + text.slice(end));
    }
  }
}

/** Lines and columns count from 1. */
function offsetOf(text: string, { line, column }: Place): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}
