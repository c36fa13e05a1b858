import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import type { LocalFinding } from '../../server/src/core/manifest/localFinding.ts';
import { parseDocument, type Syntax } from '../../server/src/core/manifest/parseDocument.ts';
import { lineIndex } from '../../server/src/core/text/lineIndex.ts';

const SYNTAX_RULES = ['manifest/yaml-syntax', 'manifest/json-syntax'];
const PIECE = fc.constantFrom(
  ...[
    'a',
    'issuer',
    ': ',
    ':',
    '\n',
    '\r\n',
    '  ',
    '\t',
    '- ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ', ',
    '=',
    '#',
    '*',
    '&x',
  ],
  ...['<<<<<<< HEAD\n', '>>>>>>> b\n', '\\', '//', '🙂', '\u00a0', '--', 'true', '0644'],
);
const TEXT = fc.array(PIECE, { maxLength: 40 }).map((pieces) => pieces.join(''));

const wrong = (text: string, syntax: Syntax): LocalFinding | undefined =>
  parseDocument(text, syntax).findings.find(({ rule }) => SYNTAX_RULES.includes(rule));

function applied(text: string, { fixes }: LocalFinding): string | undefined {
  const fix = fixes.find(({ preferred }) => preferred);
  if (fix === undefined) return undefined;
  const lines = lineIndex(text);
  return fix.edits
    .map(({ range, newText }) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      newText,
    }))
    .toSorted((a, b) => b.start - a.start)
    .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);
}

/** By the parser itself, to which a key that is there twice is no error. */
function errorsOf(text: string): readonly string[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  return [...documents].flatMap(({ errors }) => errors.map(({ code }) => code));
}

describe('mistakes of syntax', () => {
  for (const syntax of ['yaml', 'json'] as const) {
    it(`${syntax}: there is at most one, inside the text, and its preferred fix takes it away`, () => {
      fc.assert(
        fc.property(TEXT, (text) => {
          const finding = wrong(text, syntax);
          if (finding === undefined) return;
          const lines = lineIndex(text);
          assert.ok(lines.offsetAt(finding.range.start) <= lines.offsetAt(finding.range.end));
          assert.ok(finding.message.length > 0 && finding.message.length <= 160, finding.message);
          const fixed = applied(text, finding);
          if (fixed === undefined) return;
          if (syntax === 'json') assert.doesNotThrow(() => JSON.parse(fixed), fixed);
          else assert.deepEqual(errorsOf(fixed), [], fixed);
        }),
        { numRuns: 300 },
      );
    });
  }

  it('end soon on long hostile text', () => {
    const long = 30_000;
    for (const text of [
      `a: "${' '.repeat(long)}`,
      `a: {${' '.repeat(long)}x`,
      `{"a": "${' '.repeat(long)}x\n`,
      `{${' ,'.repeat(long)}`,
      `${'['.repeat(60)}${' '.repeat(long)}`,
      `a: ${'"'.repeat(long)}\nb`,
      `${'\t'.repeat(long)}a`,
      `/*${'*'.repeat(long)}`,
      `${'a: [\n'.repeat(2000)}`,
    ]) {
      for (const syntax of ['yaml', 'json'] as const)
        assert.ok(parseDocument(text, syntax).findings.length >= 0);
    }
  }).timeout(120_000);
});
