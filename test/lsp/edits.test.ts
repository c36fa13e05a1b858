import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BACKEND, type Fixture, openFixture, WEB } from './fixture.ts';

const FILE = 'all.identity.yaml';
const DOCUMENTS = [
  BACKEND,
  WEB,
  WEB.replace('name: web', 'name: "db" # 🙂'),
  WEB.replace('name: web', 'name: third'),
];
const TEXTS: Readonly<Record<string, string>> = {
  'with LF': DOCUMENTS.join('---\n'),
  'with CRLF': DOCUMENTS.join('---\n').replaceAll('\n', '\r\n'),
  'with directives, comments and document ends': DOCUMENTS.join('...\n# next\n%YAML 1.2\n---\n'),
};
/** What people type, and what breaks parsers. */
const PIECES = [
  'x',
  '\n',
  '\r\n',
  '---\n',
  '\n---\n',
  '\r\n---\r\n',
  '---',
  '...\n',
  '\n%YAML 1.2\n',
  '|\n',
  '🙂',
  '"',
  ': ',
  '  ',
  '- a\n',
  '# ',
  'kind: Backend\n',
  '{',
  ']',
  '&a',
  '\t',
];

interface Edit {
  readonly at: number;
  readonly length: number;
  readonly piece: string;
}

/** LSP counts lines at \n, \r\n and \r, and columns in UTF-16. */
function position(text: string, offset: number): { line: number; character: number } {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** Not between the two halves of a line end or of a character: an editor's cursor cannot stand there. */
function boundary(text: string, offset: number): number {
  const at = Math.min(offset, text.length);
  const splits = text.slice(at - 1, at + 1) === '\r\n' || /[\uDC00-\uDFFF]/.test(text.charAt(at));
  return splits ? at - 1 : at;
}

/** Where documents begin: an edit there joins two or parts one. */
function dashesOf(text: string): readonly number[] {
  return Array.from(text.matchAll(/^---/gm), ({ index }) => index);
}

describe('language server: edits', () => {
  let typed: Fixture;
  let whole: Fixture;
  before(async () => {
    [typed, whole] = await Promise.all([
      openFixture({ files: { [FILE]: '', 'web.identity.yaml': '', 'ca.identity.yaml': '' } }),
      openFixture({ files: { [FILE]: '', 'web.identity.yaml': '', 'ca.identity.yaml': '' } }),
    ]);
  });
  after(() => Promise.all([typed.end(), whole.end()]));

  for (const [name, original] of Object.entries(TEXTS))
    it(`in any order give the diagnostics of the text that results: ${name}`, async function () {
      this.timeout(120_000);
      const edit: fc.Arbitrary<Edit> = fc.record({
        at: fc.oneof(fc.nat({ max: original.length }), fc.constantFrom(...dashesOf(original))),
        length: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat({ max: 40 }), fc.constant(4)),
        piece: fc.constantFrom(...PIECES),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), async (edits) => {
          let text = original;
          typed.open(FILE, text);
          edits.forEach(({ at, length, piece }, index) => {
            const start = boundary(text, at);
            const end = Math.max(start, boundary(text, start + length));
            const range = { start: position(text, start), end: position(text, end) };
            typed.change(FILE, index + 2, [{ range, text: piece }]);
            text = text.slice(0, start) + piece + text.slice(end);
          });
          whole.open(FILE, text);
          const [one, other] = await Promise.all([typed.pull(FILE), whole.pull(FILE)]);
          for (const fixture of [typed, whole]) {
            fixture.client.notify('textDocument/didClose', { textDocument: { uri: fixture.uri(FILE) } });
          }
          const shown = (report: typeof one) =>
            report.items.map(({ range, code, message }) => ({ range, code, message }));
          assert.deepEqual(shown(one), shown(other), text);
        }),
        { numRuns: 40 },
      );
    });
});
