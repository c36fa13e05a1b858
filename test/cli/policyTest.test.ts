import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, REPOSITORY, type Sandbox, sandbox } from '../support/idac.ts';

const POLICY = (maximum: string): string => `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: ours }
spec:
  rules:
    certificate/validity-too-long: { severity: error, maximum: ${maximum} }
`;

const TESTS = `tests:
  - name: ninety days are too long
    manifests: |
      apiVersion: identity-as-code/v1
      kind: Certificate
      metadata: { name: web }
      spec: { dnsNames: [a.example.com], issuer: ca, duration: 90d }
    expect:
      - { rule: certificate/validity-too-long, severity: error, identity: Certificate/default/web, message: 47d }
    complete: true
  - name: thirty are not
    manifests: |
      apiVersion: identity-as-code/v1
      kind: Certificate
      metadata: { name: web }
      spec: { dnsNames: [a.example.com], issuer: ca, duration: 30d }
    absent:
      - certificate/validity-too-long
`;

interface Tests {
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly failures: readonly {
      readonly line: number;
      readonly column: number;
      readonly message: string;
    }[];
  }[];
}

describe('idac policy test', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const write = (file: string, text: string): void => writeFileSync(path.join(place.folder, file), text);
  const run = async (...args: readonly string[]) => {
    const { code, data } = await place.json(['policy', 'test', ...args]);
    return { code, ...(data as unknown as Tests) };
  };
  beforeEach(() => {
    place = sandbox();
    write('policies.identity.yaml', POLICY('47d'));
    write('ours.policy-test.yaml', TESTS);
  });
  afterEach(() => place.remove());

  it('passes where policies find what is expected, and nothing else', async () => {
    const { code, passed, failed } = await run();
    assert.deepEqual([code, passed, failed], [0, 2, 0]);
    const { out } = await place.idac(['policy', 'test']);
    assert.match(out, /passed {2}ninety days are too long[\s\S]*2 passed in 1 file/);
  });

  it('fails at the line that expected it, and says what was found instead', async () => {
    write('policies.identity.yaml', POLICY('20d'));
    const { code, tests } = await run();
    assert.equal(code, 1);
    assert.deepEqual(
      tests.map(({ failures }) => failures.map(({ line, column }) => [line, column])),
      [
        [
          [9, 9],
          [2, 11],
        ],
        [[18, 9]],
      ],
    );
    assert.match(
      tests[0]?.failures[0]?.message ?? '',
      /^was not found: error .*"47d"; instead: error .*20d is the longest/,
    );
    assert.match(tests[1]?.failures[0]?.message ?? '', /^was found, and should not be/);
    write('policies.identity.yaml', POLICY('200d'));
    assert.match((await run()).tests[0]?.failures[0]?.message ?? '', /found nothing$/);
  });

  it('tests packs on any day, with manifests of files', async () => {
    write(
      'web.yaml',
      `apiVersion: identity-as-code/v1\nkind: Certificate\nmetadata: { name: web, labels: { profile: public-tls } }\nspec: { usages: [serverAuth], dnsNames: [a.example.com], issuer: ca, duration: 150d }\n`,
    );
    const on = (day: string, rest: string): void =>
      write(
        'ours.policy-test.yaml',
        `policies: [pack:cabf-tls]\ntests:\n  - name: steps\n    now: "${day}"\n    files: [web.yaml]\n    ${rest}\n`,
      );
    write('policies.identity.yaml', POLICY('398d'));
    on('2027-03-14', 'complete: true');
    assert.equal((await run()).code, 0);
    on('2027-03-15', 'expect: [{ rule: certificate/validity-too-long, message: cabf-tls }]');
    assert.equal((await run()).code, 0);
    on('2027-03-15', 'complete: true');
    assert.equal((await run()).code, 1);
  });

  it('runs the example of the documentation as it says', async () => {
    const page = readFileSync(path.join(REPOSITORY, 'docs/policies.md'), 'utf8');
    const example = /```yaml\n(now:[\s\S]*?)```/.exec(page)?.[1] ?? assert.fail();
    write('policies.identity.yaml', POLICY('398d'));
    write('ours.policy-test.yaml', example.replace(/ {2}- name: what stands[\s\S]*/, ''));
    const { code, tests } = await run();
    assert.equal(code, 0, JSON.stringify(tests));
  });

  it('a file of tests that is wrong is told at its place', async () => {
    for (const [text, words] of [
      [
        TESTS.replace('complete: true', 'complet: true'),
        /ours\.policy-test\.yaml:10:5: unknown field "complet"; did you mean "complete"\?/,
      ],
      [TESTS.replace('severity: error', 'severity: fatal'), /:9:\d+: .*"fatal"/],
      [TESTS.replace(/\n {4}absent:\n.*\n/, '\n'), /expects nothing, so it cannot fail/],
      ['tests: [', /ours\.policy-test\.yaml:\d+:\d+: /],
      ['tests: []\n', /:1:8: "tests" is empty/],
      ['', /holds no tests/],
      [`${TESTS}---\n${TESTS}`, /:19:1: one file of tests is one document/],
      [TESTS.replace('tests:', 'policies: [" "]\ntests:'), /:1:\d+: a policy has no name/],
      [TESTS.replace('tests:', 'now: soon\ntests:'), /:1:\d+: .*soon/],
    ] as const) {
      write('ours.policy-test.yaml', text);
      const { code, err } = await place.idac(['policy', 'test']);
      assert.equal(code, 2, text);
      assert.match(err.replace(/\s+/g, ' '), words);
    }
  });

  it('mistakes in files of tests are findings of a check, at their place', async () => {
    write(
      'ours.policy-test.yaml',
      TESTS.replace('duration: 30d', 'duration: soon').replace('-too-long', '-to-long'),
    );
    const { code, data } = await place.json(['check']);
    assert.equal(code, 1);
    const { findings } = data as unknown as {
      readonly findings: readonly {
        readonly rule: string;
        readonly file: string;
        readonly range: { readonly start: { readonly line: number } };
      }[];
    };
    assert.deepEqual(
      findings.map(({ rule, file, range }) => [rule, file, range.start.line]),
      [
        ['reference/unknown-rule', 'ours.policy-test.yaml', 9],
        ['policy/bad-test', 'ours.policy-test.yaml', 16],
      ],
    );
  });

  it('manifests that cannot be read fail their test', async () => {
    write('ours.policy-test.yaml', TESTS.replace('duration: 30d', 'duration: soon'));
    const { code, tests } = await run();
    assert.equal(code, 1);
    assert.match(tests[1]?.failures[0]?.message ?? '', /cannot be read/);
  });
});
