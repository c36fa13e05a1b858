/** Policies in the editor: their findings on other files, what their parameters are, and the fields in their expressions. */
import assert from 'node:assert/strict';
import { type Fixture, openFixture, WEB } from './fixture.ts';

const FILE = 'web.identity.yaml';
const POLICY = `apiVersion: identity-as-code/v1
kind: Policy
metadata:
  name: external-tls
spec:
  rules:
    certificate/validity-too-long:
      maximum: 30d
  customRules:
    - id: owner-on-call
      expression: identity.spec.owner.contact != ''
      message: name who is on call
`;

interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
  readonly relatedInformation?: readonly {
    readonly location: {
      readonly uri: string;
      readonly range: { readonly start: { readonly line: number } };
    };
    readonly message: string;
  }[];
}

describe('language server: policies', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const start = async (policy = POLICY) => {
    fixture = await openFixture({ files: { [FILE]: WEB, 'policy.identity.yaml': policy } });
    fixture.open(FILE);
    fixture.open('policy.identity.yaml');
  };
  const pull = async (file: string): Promise<readonly Diagnostic[]> =>
    (
      await fixture.client.request<{ readonly items: readonly Diagnostic[] }>('textDocument/diagnostic', {
        textDocument: { uri: fixture.uri(file) },
      })
    ).items;
  const ask = <Result>(method: string, text: string, after: string) => {
    const before = text.slice(0, text.indexOf(after) + after.length).split('\n');
    const position = { line: before.length - 1, character: (before.at(-1) ?? '').length };
    return fixture.client.request<Result>(method, {
      textDocument: { uri: fixture.uri('policy.identity.yaml') },
      position,
    });
  };
  const edit = (from: string, to: string) => {
    const text = POLICY.replace(from, to);
    fixture.client.notify('textDocument/didChange', {
      textDocument: { uri: fixture.uri('policy.identity.yaml'), version: 2 },
      contentChanges: [{ text }],
    });
  };

  it('says in a manifest what a policy asks for, with the line that does', async () => {
    await start();
    const found = await pull(FILE);
    const finding = found.find(({ code }) => code === 'certificate/validity-too-long');
    assert.equal(
      finding?.message.split('\n')[0],
      'it is valid for 47d, and 30d is the longest allowed (policy external-tls)',
    );
    const [related] = finding.relatedInformation ?? [];
    assert.equal(related?.location.uri, fixture.uri('policy.identity.yaml'));
    assert.equal(related.location.range.start.line, 6);
  });

  it('takes it back as soon as the policy says something else', async () => {
    await start();
    assert.ok((await pull(FILE)).some(({ code }) => code === 'certificate/validity-too-long'));
    edit('maximum: 30d', 'maximum: 60d');
    assert.ok(!(await pull(FILE)).some(({ code }) => code === 'certificate/validity-too-long'));
  });

  it('knows rules, their parameters and the fields in expressions', async () => {
    await start();
    interface List {
      readonly items: readonly { readonly label: string }[];
    }
    const labels = async (after: string) =>
      (await ask<List>('textDocument/completion', POLICY, after)).items.map(({ label }) => label);
    assert.ok((await labels('rules:\n    ')).includes('key/allowed-algorithms'));
    const parameters = await labels('too-long:\n      ');
    assert.ok(parameters.includes('schedule') && !parameters.includes('allow'), parameters.join());
    assert.deepEqual(await labels('identity.spec.owner.'), ['team', 'contact']);
    interface Hover {
      readonly contents: { readonly value: string };
    }
    const hover = async (after: string) =>
      (await ask<Hover>('textDocument/hover', POLICY, after)).contents.value;
    assert.match(await hover('      maxim'), /How long it may be valid/);
    assert.match(
      await hover('    certificate/val'),
      /A certificate is valid for longer, or shorter, than a policy allows/,
    );
    assert.match(await hover('identity.spec.owner.cont'), /Where that team is reached/);
  });

  it('marks an unknown parameter, and a field that no kind has', async () => {
    await start(POLICY.replace('maximum: 30d', 'maximun: 30d').replace('owner.contact', 'owner.contct'));
    const found = await pull('policy.identity.yaml');
    assert.ok(
      found.some(({ code, message }) => code === 'manifest/unknown-field' && message.includes('"maximum"')),
    );
  });

  it('marks the character of an expression that is wrong', async () => {
    await start(POLICY.replace('owner.contact', 'owner.contct'));
    const found = await pull('policy.identity.yaml');
    const [wrong] = found.filter(({ code }) => code === 'policy/bad-expression');
    assert.deepEqual(wrong?.range, {
      start: { line: 10, character: 'expression: identity.spec.owner.'.length + 6 },
      end: { line: 10, character: 'expression: identity.spec.owner.contct'.length + 6 },
    });
  });
});
