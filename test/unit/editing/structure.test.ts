import assert from 'node:assert/strict';
import { namedFiles } from '../../../server/src/core/editing/filePaths.ts';
import { foldsOf } from '../../../server/src/core/editing/folding.ts';
import { selectionAt } from '../../../server/src/core/editing/selection.ts';
import { findSymbols, symbolName } from '../../../server/src/core/editing/symbolSearch.ts';
import { tokensOf } from '../../../server/src/core/editing/tokens.ts';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { lineIndex } from '../../../server/src/core/text/lineIndex.ts';
import { at } from './cursor.ts';

const WEB = `# What it is for,
# in two lines.
apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: web
spec:
  machines:
  - web-1
  - payments/pay-1
  issuer: "local-ca"
  duration: 47d
  renewal: { by: idac, before: 33% }
  key: { origin: machine, csr: "csr/{machine}.csr" }
  deliverTo:
    - backend: local-ca
      path: tls/{machine}/web.pem
    - { backend: local-ca, path: web, as: secret }
    - { backend: local-ca, path: ../out.pem }
`;

describe('folding', () => {
  const folds = (text: string): readonly string[] =>
    foldsOf(text).map(({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1} ${kind}`);

  it('folds maps, lists in the column of their key, items and comments', () => {
    assert.deepEqual(folds(WEB), [
      '1-2 comment',
      '5-6 block',
      '7-19 block',
      '8-10 block',
      '15-19 block',
      '16-17 block',
    ]);
  });

  it('folds documents where there are several', () => {
    assert.deepEqual(folds('a: 1\nb: 2\n---\nc:\n  d: 3\n\n---\ne: 4\n'), [
      '1-2 document',
      '3-5 document',
      '4-5 block',
      '7-8 document',
    ]);
  });

  it('folds what stands between the marks of a region, also within another', () => {
    assert.deepEqual(
      folds('# region a\nb: 1\n#region c\nd: 2\n#endregion\n# endregion\n# endregion\n# regional\n').filter(
        (each) => each.endsWith('region'),
      ),
      ['1-6 region', '3-5 region'],
    );
  });

  it('folds brackets up to the line before the closing one', () => {
    assert.deepEqual(folds('{\n  "spec": {\n    "a": 1\n  }\n}\n'), ['1-4 block', '2-3 block']);
  });

  it('keeps its folds in text that is half-typed, and in CRLF', () => {
    assert.deepEqual(folds('spec:\n  owner: { team: "a\n  key:\n    alg\n  dns'), ['1-5 block', '3-4 block']);
    assert.deepEqual(folds(WEB.replaceAll('\n', '\r\n')), folds(WEB));
    assert.deepEqual(folds(''), []);
  });
});

describe('selection', () => {
  const grown = (marked: string, name?: string): readonly string[] => {
    const { file, text, position } = at(marked, name);
    const lines = lineIndex(text);
    return selectionAt(file, position).map(({ start, end }) =>
      text.slice(lines.offsetAt(start), lines.offsetAt(end)),
    );
  };

  it('grows from a word to its entry, its map, and the document', () => {
    const steps = grown('a: 1\nspec:\n  owner: { team: pay│ments, contact: x }\n');
    assert.deepEqual(steps.slice(0, 4), [
      'payments',
      'team: payments',
      '{ team: payments, contact: x }',
      'owner: { team: payments, contact: x }',
    ]);
    assert.equal(steps.at(-1), 'a: 1\nspec:\n  owner: { team: payments, contact: x }\n');
  });

  it('begins with a key, and with the document where nothing is', () => {
    assert.equal(grown('spec:\n  ow│ner: 🙂\n')[0], 'owner');
    assert.deepEqual(grown('│'), ['']);
    assert.deepEqual(grown('a: 1\n---\nb: [│1, 2]\n').slice(0, 2), ['1', '[1, 2]']);
  });
});

describe('tokens', () => {
  it('tell names, references, choices and durations apart', () => {
    const [document] = parseManifestFile('a.identity.yaml', WEB).documents;
    assert.ok(document !== undefined);
    const lines = WEB.split('\n');
    const shown = tokensOf(document).map(
      ({ line, character, length, kind }) => `${kind} ${lines[line]?.slice(character, character + length)}`,
    );
    assert.deepEqual(shown, [
      'choice identity-as-code/v1',
      'choice Certificate',
      'name web',
      'machine web-1',
      'machine payments/pay-1',
      'reference "local-ca"',
      'duration 47d',
      'choice idac',
      'duration 33%',
      'choice machine',
      'reference local-ca',
      'reference local-ca',
      'reference local-ca',
    ]);
    assert.equal(tokensOf(document), tokensOf(document));
  });

  it('stay apart where an alias repeats them', () => {
    const [document] = parseManifestFile(
      'a.identity.yaml',
      'kind: Certificate\nmetadata: { name: a }\nspec:\n  renewal: &r { by: idac }\n  <<: { renewal: *r }\n',
    ).documents;
    assert.ok(document !== undefined);
    const kinds = tokensOf(document).map(({ line, character }) => `${line}:${character}`);
    assert.equal(new Set(kinds).size, kinds.length);
  });
});

describe('symbols', () => {
  const index = at(WEB).index;
  const names = (query: string): readonly string[] => findSymbols(index, query, 10).map(symbolName);

  it('are found by letters in their order, the plainest match first', () => {
    assert.deepEqual(names('Certificate/default/web'), ['Certificate/default/web']);
    assert.deepEqual(names('pay'), ['Machine/payments/pay-1']);
    assert.deepEqual(names('mpp'), ['Machine/payments/pay-1']);
    assert.deepEqual(names('web'), ['Certificate/default/web', 'Machine/default/web-1']);
    assert.deepEqual(names('zzz'), []);
    assert.equal(names('').length, 4);
  });
});

describe('named files', () => {
  it('are deliveries to files and requests, for each machine, inside the project', () => {
    const [document] = parseManifestFile('a.identity.yaml', WEB).documents;
    assert.ok(document !== undefined);
    assert.deepEqual(
      namedFiles(document).map(({ files }) => files),
      [['csr/web-1.csr', 'csr/pay-1.csr'], ['tls/web-1/web.pem', 'tls/pay-1/web.pem'], []],
    );
  });
});
