/**
 * Text for hovers. What comes out of certificates, records or manifests is never trusted Markdown: a subject such as
 * `[click](command:…)` must show as it is written.
 */

import { visible } from '../core/text/visible.ts';

/** What has a meaning inside a line (CommonMark 0.31, 6), and what GFM makes a link of by itself (`www.`, `://`, `@`). */
const MARKUP = /[\\`*_[\]<>|~&@#!]|:(?=\/\/)|(?<=www)\./gi;

/** Plain text inside a line of Markdown. Control and direction-changing characters become visible. */
export function escapeMarkdown(text: string): string {
  return visible(text).replace(MARKUP, (character) => `\\${character}`);
}

/** A table of two columns; both are escaped. */
export function markdownTable(rows: Iterable<readonly [label: string, value: string]>): string {
  const lines = ['| | |', '| --- | --- |'];
  for (const [label, value] of rows) lines.push(`| ${escapeMarkdown(label)} | ${escapeMarkdown(value)} |`);
  return lines.join('\n');
}

/** The same for clients that show plain text. */
export function plainTable(rows: Iterable<readonly [label: string, value: string]>): string {
  return Array.from(rows, ([label, value]) => `${label}: ${visible(value)}`).join('\n');
}
