import { documentAt } from '../manifest/documentAt.ts';
import type { ManifestFile } from '../manifest/manifestFile.ts';
import { DOCUMENT_RULES } from '../schema/documentRules.ts';
import { DAY_MS } from '../text/instant.ts';
import type { Position, Range } from '../text/position.ts';
import { escapeSnippet, type Written } from './draft.ts';

/** Long enough to plan the repair, short enough to be remembered. */
const DAYS = 90;

export interface IgnoreEdit {
  readonly title: string;
  readonly at: Position;
  readonly text: Written;
}

/** A comment above the line of a finding; undefined where it cannot be ignored. The reason is left to the person. */
export function ignoreHere(
  file: ManifestFile,
  rule: string,
  range: Range,
  now: Date,
): IgnoreEdit | undefined {
  const cannot = rule.startsWith('ignore/') || DOCUMENT_RULES.some(({ id }) => id === rule);
  const document = documentAt(file, range.start.line);
  if (cannot || document === undefined || /\.json$/i.test(file.path)) return undefined;
  const local = { line: range.start.line - document.startLine, character: 0 };
  const start = document.lines.offsetAt(local);
  const indent = /^ */.exec(document.text.slice(start, start + 200))?.[0] ?? '';
  const until = new Date(now.getTime() + DAYS * DAY_MS).toISOString().slice(0, 10);
  const eol = document.text.includes('\r\n') ? '\r\n' : '\n';
  const comment = `${indent}# idac-ignore ${rule} until ${until}: `;
  return {
    title: `Ignore "${rule}" here until ${until}, with a reason`,
    at: { line: range.start.line, character: 0 },
    text: { plain: `${comment}${eol}`, snippet: `${escapeSnippet(comment)}\${1:why}${eol}` },
  };
}
