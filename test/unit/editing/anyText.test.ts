/** Whatever a text looks like while it is typed: every feature answers, and what it answers lies in the text. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { completionsAt } from '../../../server/src/core/editing/completion.ts';
import { namedFiles } from '../../../server/src/core/editing/filePaths.ts';
import { foldsOf } from '../../../server/src/core/editing/folding.ts';
import { occurrenceAt, occurrencesOf } from '../../../server/src/core/editing/occurrences.ts';
import { planRename } from '../../../server/src/core/editing/rename.ts';
import { selectionAt } from '../../../server/src/core/editing/selection.ts';
import { tokensOf } from '../../../server/src/core/editing/tokens.ts';
import { buildProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { type ManifestFile, parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { ignoreComments } from '../../../server/src/core/rules/ignoreComment.ts';
import { runRules } from '../../../server/src/core/rules/runRules.ts';
import { backendRoles } from '../../../server/src/core/schema/backendRoles.ts';
import { comparePositions, lineIndex } from '../../../server/src/core/text/lineIndex.ts';
import type { Range } from '../../../server/src/core/text/position.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../samples');
const SAMPLES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.identity.yaml'))
  .map((name) => [name.replaceAll(path.sep, '/'), readFileSync(path.join(FOLDER, name), 'utf8')] as const);
const ROLES = backendRoles();

function askEverything(name: string, text: string, offset: number): void {
  const file = parseManifestFile(name, text);
  const index = buildProjectIndex(new Map([[name, file]]));
  const lines = lineIndex(text);
  const position = lines.positionAt(offset);
  const inText = ({ start, end }: Range): void => {
    assert.ok(comparePositions(start, end) <= 0);
    assert.ok(lines.offsetAt(end) <= text.length && end.line < lines.lineCount);
  };
  for (const { replace, insert } of completionsAt(file, position, { index, backendRoles: ROLES })) {
    inText(replace);
    assert.deepEqual(insert.start, replace.start);
    assert.deepEqual(insert.end, position);
    assert.ok(comparePositions(insert.end, replace.end) <= 0);
    assert.equal(replace.start.line, replace.end.line);
  }
  const named = occurrenceAt(index, name, position);
  if (named !== undefined) {
    inText(named.range);
    for (const { range } of occurrencesOf(index, named.resource)) inText(range);
    const planned = planRename(index, named.resource, 'another-name');
    if ('edits' in planned) for (const { range } of planned.edits) inText(range);
  }
  const ranges = selectionAt(file, position);
  for (const range of ranges) inText(range);
  for (const { startLine, endLine } of foldsOf(text))
    assert.ok(startLine < endLine && endLine < lines.lineCount);
  for (const document of file.documents) {
    namedFiles(document);
    for (const { line, character, length } of tokensOf(document)) {
      const at = { line: document.startLine + line, character };
      inText({ start: at, end: { line: at.line, character: character + length } });
    }
  }
  for (const { range, removal } of ignoreComments(index.files)) {
    inText(range);
    inText(removal);
  }
}

describe('editing any text', () => {
  it('answers at the end of each prefix of the samples', () => {
    for (const [name, text] of SAMPLES) {
      // One that is prime, so that all columns come by.
      for (let end = 0; end <= text.length; end += 17) askEverything(name, text.slice(0, end), end);
    }
  }).timeout(120_000);

  it('answers anywhere in samples from which a part was cut, in YAML and in JSON', () => {
    const sample = fc.constantFrom(...SAMPLES);
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const noise = fc.constantFrom(
      '',
      '🙂',
      '"',
      "'",
      '{',
      '[',
      ']',
      '- ',
      ': ',
      '#',
      '|',
      '\t',
      '\r\n',
      '---\n',
      '&a ',
      '*a',
    );
    fc.assert(
      fc.property(sample, share, share, share, noise, fc.boolean(), ([name, text], a, b, c, put, json) => {
        const [from, to] = [Math.floor(a * text.length), Math.floor(b * text.length)].sort((x, y) => x - y);
        const broken = text.slice(0, from) + put + text.slice(to);
        askEverything(json ? 'a.identity.json' : name, broken, Math.floor(c * broken.length));
      }),
      { numRuns: 300 },
    );
  }).timeout(120_000);

  it('stays bounded on hostile nesting', () => {
    for (const text of [
      '['.repeat(50_000),
      '{a: '.repeat(50_000),
      '- '.repeat(50_000),
      'a:\n '.repeat(20_000),
    ])
      askEverything('a.identity.yaml', text, text.length);
  }).timeout(120_000);
});

describe('rename in the samples', () => {
  const check = (files: ReadonlyMap<string, ManifestFile>): readonly string[] => {
    const index = buildProjectIndex(files);
    const found = runRules({ index, now: new Date(0), records: new Map(), backendRoles: ROLES }, {});
    return [...[...files.values()].flatMap(({ findings }) => findings), ...found]
      .map(({ rule }) => rule)
      .sort();
  };

  it('of any resource, to any free name, adds no finding', () => {
    const texts = new Map(SAMPLES);
    const files = new Map(SAMPLES.map(([name, text]) => [name, parseManifestFile(name, text)]));
    const index = buildProjectIndex(files);
    const before = check(files);
    const newNames = ['zz-new', '7', 'no'];
    for (const [place, resource] of index.resources.entries()) {
      const newName = newNames[place % newNames.length] ?? '';
      const planned = planRename(index, resource, newName);
      assert.ok('edits' in planned, JSON.stringify(planned));
      const after = new Map(files);
      for (const name of new Set(planned.edits.map(({ file }) => file))) {
        const text = texts.get(name) ?? '';
        const lines = lineIndex(text);
        const edits = planned.edits
          .filter(({ file }) => file === name)
          .sort((a, b) => comparePositions(b.range.start, a.range.start));
        const apply = (done: string, { range, newText }: (typeof edits)[number]): string =>
          done.slice(0, lines.offsetAt(range.start)) + newText + done.slice(lines.offsetAt(range.end));
        after.set(name, parseManifestFile(name, edits.reduce(apply, text)));
      }
      assert.deepEqual(check(after), before, `${resource.kind} ${resource.name} → ${newName}`);
    }
  }).timeout(120_000);
});
