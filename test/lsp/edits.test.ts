import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BACKEND, type Fixture, openFixture, WEB } from './fixture.ts';

const FILE = 'all.identity.yaml';
const TEXT = [BACKEND, WEB, WEB.replace('name: web', 'name: "db" # 🙂')].join('---\n');
/** What people type, and what breaks parsers. */
const PIECES = [
  'x',
  '\n',
  '\r\n',
  '---\n',
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

describe('language server: edits', () => {
  let typed: Fixture;
  let whole: Fixture;
  before(async () => {
    [typed, whole] = await Promise.all([
      openFixture({ files: { [FILE]: TEXT, 'web.identity.yaml': '', 'ca.identity.yaml': '' } }),
      openFixture({ files: { [FILE]: TEXT, 'web.identity.yaml': '', 'ca.identity.yaml': '' } }),
    ]);
  });
  after(() => Promise.all([typed.end(), whole.end()]));

  it('in any order give the diagnostics of the text that results', async function () {
    this.timeout(60_000);
    const edit: fc.Arbitrary<Edit> = fc.record({
      at: fc.nat({ max: TEXT.length }),
      length: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat({ max: 40 })),
      piece: fc.constantFrom(...PIECES),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), async (edits) => {
        let text = TEXT;
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
      { numRuns: 60 },
    );
  });
});
