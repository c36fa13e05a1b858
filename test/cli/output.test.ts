import assert from 'node:assert/strict';
import { csv } from '../../server/src/cli/output/csv.ts';
import { displayWidth, truncate, wrap } from '../../server/src/cli/output/displayWidth.ts';
import { githubAnnotations } from '../../server/src/cli/output/github.ts';
import { sarif } from '../../server/src/cli/output/sarif.ts';
import { table } from '../../server/src/cli/output/table.ts';
import { line, paint, span } from '../../server/src/cli/output/text.ts';
import { wantsColour } from '../../server/src/cli/terminal.ts';
import type { Finding } from '../../server/src/core/finding.ts';

const finding: Finding = {
  rule: 'certificate/unknown-machine',
  severity: 'error',
  message: 'There is no machine "gate, leipzg": 100%',
  why: 'One line\nand another.',
  file: 'depots/müller gate.identity.yaml',
  range: { start: { line: 3, character: 10 }, end: { line: 3, character: 21 } },
  related: [],
  fixes: [
    {
      title: 'Change to gate-leipzig',
      preferred: true,
      edits: [
        {
          file: 'depots/müller gate.identity.yaml',
          range: { start: { line: 3, character: 10 }, end: { line: 3, character: 21 } },
          newText: 'gate-leipzig',
        },
      ],
    },
  ],
};

describe('text on a terminal', () => {
  it('is measured in columns, not in code units', () => {
    assert.equal(displayWidth('Müller'), 6);
    assert.equal(displayWidth('Mu\u0308ller'), 6);
    assert.equal(displayWidth('東京支店'), 8);
    assert.equal(displayWidth('👩‍👩‍👧 ok'), 5);
    assert.equal(displayWidth('🇩🇪'), 2);
    assert.equal(truncate('東京支店', 5), '東京…');
    assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  });

  it('never passes control or direction-changing characters of a manifest on', () => {
    const painted = paint([line(span('a\u001b[2Jb\u009bc\u202ed\r\u2028', 'error'))], false);
    assert.equal(painted, 'a\\u001b[2Jb\\u009bc\\u202ed\\u000d\\u2028\n');
  });

  it('is aligned, and fits by shrinking and then by dropping', () => {
    const columns = [
      { title: 'NAME', shrink: 1, atLeast: 6 },
      { title: 'STATE' },
      { title: 'OWNER', drop: 1 },
    ];
    const rows = [
      ['certificate-with-a-long-name', 'valid', 'payments'],
      ['東京', 'expired', 'tracking'],
    ];
    const at = (width: number) => paint(table(columns, rows, { columns: width, header: true }), false);
    assert.equal(
      at(80),
      'NAME                          STATE    OWNER\ncertificate-with-a-long-name  valid    payments\n東京                          expired  tracking\n',
    );
    assert.equal(
      at(30),
      'NAME         STATE    OWNER\ncertificat…  valid    payments\n東京         expired  tracking\n',
    );
    assert.equal(at(16), 'NAME     STATE\ncertif…  valid\n東京     expired\n');
  });

  it('is coloured on a terminal alone, unless the person says otherwise', () => {
    assert.equal(wantsColour({}, true), true);
    assert.equal(wantsColour({}, false), false);
    assert.equal(wantsColour({ NO_COLOR: '1' }, true), false);
    assert.equal(wantsColour({ NO_COLOR: '' }, true), true);
    assert.equal(wantsColour({ FORCE_COLOR: '1' }, false), true);
    assert.equal(wantsColour({ FORCE_COLOR: '0' }, true), false);
    assert.equal(wantsColour({ TERM: 'dumb' }, true), false);
  });
});

describe('formats for machines', () => {
  it('github: a workflow command on one line, escaped', () => {
    assert.equal(
      githubAnnotations([finding], (file) => `samples/${file}`),
      '::error file=samples/depots/müller gate.identity.yaml,line=4,endLine=4,col=11,endColumn=22,title=certificate/unknown-machine::There is no machine "gate, leipzg": 100%25%0AOne line%0Aand another.\n',
    );
  });

  it('sarif: 1-based regions, encoded addresses, rules with pages, fixes', () => {
    const log = JSON.parse(
      sarif({
        findings: [finding],
        rules: [
          {
            id: finding.rule,
            severity: 'error',
            title: 'Unknown machine',
            why: 'Nobody bears it.',
            remedy: 'Declare the machine.',
          },
        ],
        root: '/work/a project',
        version: '1.2.3',
      }),
    );
    const [run] = log.runs;
    assert.equal(log.version, '2.1.0');
    assert.deepEqual(run.originalUriBaseIds, { PROJECTROOT: { uri: 'file:///work/a%20project/' } });
    assert.match(run.tool.driver.rules[0].help.markdown, /^\*\*/);
    const [result] = run.results;
    const { physicalLocation } = result.locations[0];
    assert.deepEqual(physicalLocation.region, { startLine: 4, startColumn: 11, endLine: 4, endColumn: 22 });
    assert.equal(physicalLocation.artifactLocation.uri, 'depots/m%C3%BCller%20gate.identity.yaml');
    assert.equal(result.fixes[0].artifactChanges[0].replacements[0].insertedContent.text, 'gate-leipzig');
  });

  it('csv: quoted, and nothing in it runs as a formula', () => {
    assert.equal(
      csv(
        ['a', 'b', 'c'],
        [
          ['x,"y"', -3, null],
          ['=cmd()', 'two\nlines', '@x'],
        ],
      ),
      `a,b,c\n"x,""y""",-3,\n'=cmd(),"two\nlines",'@x\n`,
    );
  });
});
