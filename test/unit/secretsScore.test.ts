import assert from 'node:assert/strict';
import type { Labels } from '../bench/secrets/corpus.ts';
import { readMarks } from '../bench/secrets/draft.ts';
import { expectedIn, leakyScore } from '../bench/secrets/leakyRepo.ts';
import { PEERS } from '../bench/secrets/peers.ts';
import { idac, relativeTo } from '../bench/secrets/scanners.ts';
import { score } from '../bench/secrets/score.ts';

describe('The score of a secret scanner', () => {
  const secret = { startColumn: 1, endColumn: 9, family: 'vault', kind: 'token', digest: '' };
  const labels: Labels = {
    seed: '',
    secrets: [
      { ...secret, file: 'a.env', startLine: 2, endLine: 2 },
      { ...secret, file: 'a.env', startLine: 5, endLine: 9 },
      { ...secret, file: 'b.env', startLine: 1, endLine: 1, family: 'cloud' },
    ],
    clean: [
      { file: 'c.md', family: 'placeholder', kind: 'words' },
      { file: 'd.md', family: 'placeholder', kind: 'words' },
    ],
  };

  it('counts what touches a planted line, once a place', () => {
    const result = score(labels, [
      { file: 'a.env', startLine: 2 },
      { file: 'a.env', startLine: 2 },
      { file: 'a.env', startLine: 8, endLine: 12 },
      { file: 'a.env', startLine: 3, endLine: 4 },
      { file: 'c.md', startLine: 1 },
    ]);
    assert.deepEqual(result.recall, { found: 2, of: 3 });
    assert.deepEqual(result.precision, { found: 2, of: 4 });
    assert.deepEqual(result.leftAlone, { found: 1, of: 2 });
    assert.deepEqual(
      [...result.recallByFamily],
      [
        ['vault', { found: 2, of: 2 }],
        ['cloud', { found: 0, of: 1 }],
      ],
    );
    assert.deepEqual([...result.leftAloneByFamily], [['placeholder', { found: 1, of: 2 }]]);
    assert.deepEqual(
      result.misses.map(({ file }) => file),
      ['b.env'],
    );
    assert.deepEqual(
      result.falseAlarms.map(({ file, startLine, where }) => [file, startLine, where]),
      [
        ['a.env', 3, 'vault/token'],
        ['c.md', 1, 'placeholder/words'],
      ],
    );
  });

  it('is refused where a finding names a file that was never written', () => {
    assert.throws(() => score(labels, [{ file: 'x/a.env', startLine: 2 }]), /no file of the corpus/);
  });

  it('reads the findings of `idac scan`, whichever way paths are written', () => {
    const range = { start: { line: 2, column: 7 }, end: { line: 2, column: 20 } };
    const out = JSON.stringify({
      schemaVersion: 1,
      findings: [
        { rule: 'secret/web-token', file: '/tree/a.env', range },
        { rule: 'secret/web-token', file: 'b.env', range },
        { rule: 'key/shared', file: 'b.env', range },
      ],
    });
    assert.deepEqual(relativeTo('/tree', '/tree', idac.parse(out)), [
      { file: 'a.env', startLine: 2, endLine: 2 },
      { file: 'b.env', startLine: 2, endLine: 2 },
    ]);
  });

  it('reads what each of the other scanners prints', () => {
    const printed: Readonly<Record<string, string>> = {
      gitleaks: JSON.stringify([
        { RuleID: 'x', File: 'a.env', StartLine: 2, EndLine: 4, Secret: 'REDACTED' },
      ]),
      kingfisher: `${JSON.stringify({ findings: [{ rule: {}, finding: { path: './a.env', line: 2 } }] })}\n{"findings":1}\n`,
      ripsecrets: './a.env:2:TOKEN=...\nof a secret on several lines\n',
      secretlint: JSON.stringify([
        { filePath: '/tree/a.env', messages: [{ loc: { start: { line: 2 }, end: { line: 4 } } }] },
      ]),
      'detect-secrets': JSON.stringify({ results: { 'a.env': [{ filename: 'a.env', line_number: 2 }] } }),
    };
    const read = PEERS.map(({ name, parse }) => [
      name,
      relativeTo('/tree', '/tree', parse(printed[name] ?? '')),
    ]);
    const [line, lines] = [
      { file: 'a.env', startLine: 2 },
      { file: 'a.env', startLine: 2, endLine: 4 },
    ];
    assert.deepEqual(Object.fromEntries(read), {
      gitleaks: [lines],
      kingfisher: [line],
      ripsecrets: [line],
      secretlint: [lines],
      'detect-secrets': [line],
    });
  });

  it('counts lines of leaky-repo, of no file more than it has', () => {
    const expected = expectedIn('# name,risks,informative\n.netrc,2,0\n\nconfig,1,3\nkey.pub,0,1\n');
    const at = (file: string, startLine: number) => ({ file, startLine });
    const found = [at('config', 1), at('config', 1), at('config', 2), at('other', 9)];
    assert.deepEqual(leakyScore(expected, [...found, at('.netrc', 1), at('key.pub', 1), at('key.pub', 2)]), {
      risks: { found: 2, of: 3 },
      all: { found: 4, of: 7 },
      files: { found: 3, of: 3 },
      beyond: 1,
    });
  });

  it('rests on marks, which must pair', () => {
    assert.throws(() => readMarks('a \ue000b'), /does not close/);
    assert.throws(() => readMarks('a b\ue001'), /not opened/);
  });
});
