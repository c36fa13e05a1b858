/** Every rule against its examples: the folder is the test. `# finds: TOKEN` says what an invalid example must point at. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding, Fix } from '../../server/src/core/finding.ts';
import { buildProjectIndex } from '../../server/src/core/identity/projectIndex.ts';
import type { WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { isPolicyTestFile } from '../../server/src/core/manifest/fileName.ts';
import { parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';
import { RULES } from '../../server/src/core/rules/generated/registry.ts';
import { runRules } from '../../server/src/core/rules/runRules.ts';
import { backendRoles } from '../../server/src/core/schema/backendRoles.ts';
import { lineIndex } from '../../server/src/core/text/lineIndex.ts';
import { exampleRecord } from './exampleRecord.ts';

const here = import.meta.dirname;

/** What an example is read as: its name decides where it is no manifest. */
function readAs(name: string): string {
  return isPolicyTestFile(name) ? name : 'example.identity.yaml';
}

function check(text: string, name: string): readonly Finding[] {
  const file = parseManifestFile(name, text);
  // A backend type without roles for keys and certificates, as a plain secret store is.
  const roles = new Map([...backendRoles(), ['secrets-only', ['SecretStore']]]);
  const index = buildProjectIndex(new Map([[name, file]]));
  // A rule may be about an action that somebody begins.
  const [, acting] = /^# acting: (renew|revoke)$/m.exec(text) ?? [];
  const onManifests = runRules(
    {
      index,
      now: new Date(0),
      records: new Map(),
      backendRoles: roles,
      ...(acting === undefined ? {} : { acting: acting as WritingVerb }),
    },
    {},
  );
  const onRecord = runRules({ index, backendRoles: roles, ...exampleRecord(text, index) }, {});
  return [...onManifests, ...onRecord];
}

function examples(
  rule: string,
  kind: 'valid' | 'invalid',
): readonly { readonly name: string; readonly text: string }[] {
  const folder = path.join(here, rule, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
}

/** `line:start-end` of each place that the example says. */
function expected(text: string): readonly string[] {
  return text.split('\n').flatMap((line, number) => {
    if (line === '# finds in the record') return ['in the record'];
    const [code = '', token] = line.split(' # finds: ');
    if (token === undefined) return [];
    const start = code.lastIndexOf(token);
    assert.notEqual(start, -1, `line ${number + 1} does not hold ${token}`);
    return [`${number + 1}:${start + 1}-${start + token.length + 1} ${token}`];
  });
}

function found(findings: readonly Finding[], text: string, name: string): readonly string[] {
  const lines = text.split('\n');
  return findings.map(({ file, range: { start, end } }) => {
    if (file !== name) return 'in the record';
    const token =
      start.line === end.line ? lines[start.line]?.slice(start.character, end.character) : 'several lines';
    return `${start.line + 1}:${start.character + 1}-${end.character + 1} ${token}`;
  });
}

function apply(text: string, { edits }: Fix): string {
  const lines = lineIndex(text);
  const offsets = edits.map(({ range, newText }) => ({
    start: lines.offsetAt(range.start),
    end: lines.offsetAt(range.end),
    newText,
  }));
  return offsets
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

describe('rules', () => {
  for (const { meta } of RULES) {
    describe(meta.id, () => {
      const of = (text: string, name: string): readonly Finding[] =>
        check(text, name).filter(({ rule }) => rule === meta.id);
      const valid = examples(meta.id, 'valid');
      const invalid = examples(meta.id, 'invalid');

      it('is shown by examples', () => assert.ok(valid.length > 0 && invalid.length > 0));

      it('has the id of its file and says what, why and what to do', () => {
        assert.ok(existsSync(path.join(here, '../../server/src/core/rules', `${meta.id}.ts`)));
        for (const text of [meta.title, meta.why, meta.remedy]) assert.ok(text.length > 10);
      });

      for (const { name, text } of valid) {
        it(`is silent on ${name}`, () => assert.deepEqual(check(text, readAs(name)), []));
      }
      for (const { name, text } of invalid) {
        it(`finds what is wrong in ${name}`, () => {
          const file = readAs(name);
          const findings = of(text, file);
          assert.deepEqual(found(findings, text, file), expected(text));
          for (const { message, fixes } of findings) {
            assert.ok(message.length <= 120, `${message.length} characters: ${message}`);
            const preferred = fixes.filter((fix) => fix.preferred);
            assert.ok(preferred.length <= 1);
            for (const fix of preferred) assert.deepEqual(of(apply(text, fix), file), [], fix.title);
          }
        });
      }
    });
  }
});
