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

  describe('in the manifests that they select', () => {
    const ASKING = `apiVersion: identity-as-code/v1
kind: Policy
metadata:
  name: shop
spec:
  description: What the shop is held to.
  selector:
    matchLabels: { exposure: external }
  rules:
    key/allowed-algorithms: { deny: ['RSA-*'], cites: Rule book 7 }
    certificate/name-not-allowed: { closed: true, dns: { allow: ['*.example.com', api.example.org] } }
    field/not-allowed:
      closed: [spec.renewal]
      fields:
        spec.renewal.by: { allow: [idac, machine], required: true }
  schema:
    required: [consumers]
    properties:
      duration: { enum: [30d, 47d], description: As long as the shop can wait. }
      endpoints: false
      consumers:
        items: { enum: [checkout, mobile-app] }
`;
    const HEAD = `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: web
  labels: { exposure: external }
spec:
`;
    interface Item {
      readonly label: string;
      readonly detail?: string;
    }
    const openAt = async (marked: string, policy = ASKING) => {
      const text = marked.replace('│', '');
      fixture = await openFixture({ files: { [FILE]: text, 'policy.identity.yaml': policy } });
      fixture.open(FILE);
      const before = marked.slice(0, marked.indexOf('│')).split('\n');
      return {
        textDocument: { uri: fixture.uri(FILE) },
        position: { line: before.length - 1, character: (before.at(-1) ?? '').length },
      };
    };
    const complete = async (marked: string, policy?: string): Promise<readonly Item[]> => {
      const at = await openAt(marked, policy);
      return (
        await fixture.client.request<{ readonly items: readonly Item[] }>('textDocument/completion', at)
      ).items;
    };
    const labels = async (marked: string, policy?: string) =>
      (await complete(marked, policy)).map(({ label }) => label);
    const hover = async (marked: string, policy?: string) => {
      const at = await openAt(marked, policy);
      return (
        await fixture.client.request<{ readonly contents: { readonly value: string } }>(
          'textDocument/hover',
          at,
        )
      ).contents.value;
    };

    it('complete what they require first, and nothing that they do not let stand there', async () => {
      const items = await complete(`${HEAD}  owner: { team: shop }\n  │`);
      const consumers = items.findIndex(({ label }) => label === 'consumers');
      assert.equal(items[consumers]?.detail?.split(' · ')[1], 'required by policy shop');
      assert.ok(consumers < items.findIndex(({ label }) => label === 'duration'), 'it is further up');
      const names = items.map(({ label }) => label);
      for (const gone of ['endpoints', 'ipAddresses', 'uris', 'emailAddresses'])
        assert.ok(!names.includes(gone), gone);
      assert.ok(names.includes('dnsNames'));
    });

    it('complete the values that they name, and no others', async () => {
      assert.deepEqual(await labels(`${HEAD}  duration: │`), ['30d', '47d']);
    });

    it('complete in a text that is broken above', async () => {
      const broken = `${HEAD}  dnsNames: [a.example.com\n  subject: "CN=\n  duration: │`;
      assert.deepEqual(await labels(broken), ['30d', '47d']);
    });

    it('complete the items of a list', async () => {
      assert.deepEqual(await labels(`${HEAD}  consumers: [checkout, │]`), ['mobile-app']);
    });

    it('complete in a closed block what it lists', async () => {
      assert.deepEqual(await labels(`${HEAD}  renewal:\n    │`), ['by']);
    });

    it('complete the algorithms that are allowed', async () => {
      const algorithms = await labels(`${HEAD}  key:\n    algorithm: │`);
      assert.ok(algorithms.includes('ECDSA-P256'));
      assert.ok(!algorithms.some((each) => each.startsWith('RSA')), algorithms.join());
    });

    it('leave others alone', async () => {
      const other = HEAD.replace('external', 'internal');
      assert.ok((await labels(`${other}  duration: │`)).includes('90d'));
      await fixture.end();
      assert.doesNotMatch(await hover(`${other}  dura│tion: 47d\n`), /Policy/);
    });

    it('are told by hover, with the line that asks', async () => {
      const said = await hover(`${HEAD}  dura│tion: 47d\n`);
      assert.match(said, /How long/);
      const line = ASKING.split('\n').findIndex((each) => each.includes('duration:')) + 1;
      const uri = fixture.uri('policy.identity.yaml');
      assert.ok(said.includes(`**Policy shop** ([policy.identity.yaml:${line}](<${uri}#L${line}>))`), said);
      assert.match(
        said,
        /- What the shop is held to\.\n- As long as the shop can wait\.\n- It must be "30d" or "47d"\./,
      );
    });

    it('are told with what they cite', async () => {
      const said = await hover(`${HEAD}  key: { algo│rithm: ECDSA-P256 }\n`);
      assert.match(said, /It must be ECDSA-P256, .* or SLH-DSA-SHA2-256f\.\n- It cites Rule book 7\./);
    });

    it('are told where they are not kept, also by rules that say nothing of a field before', async () => {
      const text = `${HEAD}  owner: { team: shop }\n  dnsNames: [a.example.com]\n  issuer: local-ca\n  duration: 4│7d\n`;
      const policy = ASKING.replace(
        'key/allowed',
        'certificate/validity-too-long: { maximum: 30d, cites: BR 6.3.2 }\n    key/allowed',
      );
      const said = await hover(text, policy);
      const uri = fixture.uri('policy.identity.yaml');
      assert.ok(
        said.includes(
          `**Policy shop** ([policy.identity.yaml:10](<${uri}#L10>))\n\n- What the shop is held to.\n- It is not kept here (certificate/validity-too-long).\n- It cites BR 6.3.2.`,
        ),
        said,
      );
      await fixture.end();
      const schema = await hover(text.replace('4│7d', '│48d'), policy);
      assert.match(schema, /It must be "30d" or "47d"\.\n- It is not kept here \(policy\/schema\)\./);
    });

    it('say of a closed block what may stand in it', async () => {
      assert.match(await hover(`${HEAD}  rene│wal: { by: idac }\n`), /Nothing may stand in it but "by"\./);
      await fixture.end();
      assert.match(await hover(`${HEAD}  u│ris: ['https://a.example.com/']\n`), /It must not be there\./);
    });

    it('are shown as they are written, whatever they say', async () => {
      const hostile = ASKING.replace('As long as the shop can wait.', "'[a](command:b) <img>'");
      assert.match(await hover(`${HEAD}  dura│tion: 47d\n`, hostile), /\\\[a\\\]\(command:b\) \\<img\\>/);
    });

    const FILLING = `apiVersion: identity-as-code/v1
kind: Policy
metadata:
  name: shop
spec:
  defaults:
    duration: 33d
    renewal: { before: 5d }
`;

    it('are told by hover as what counts where a field is left out', async () => {
      const said = await hover(`${HEAD}  dura│tion: 47d\n`, FILLING);
      const uri = fixture.uri('policy.identity.yaml');
      assert.ok(
        said.includes(`Left out, it is "33d" by policy shop ([policy.identity.yaml:7](<${uri}#L7>)).`),
        said,
      );
      await fixture.end();
      const two = `${FILLING}---\n${FILLING.replace('name: shop', 'name: other').replace('33d', '34d')}`;
      assert.match(
        await hover(`${HEAD}  dura│tion: 47d\n`, two),
        /Policies fill in different values, so none of them counts: policy shop \(.*:7.*\), policy other \(.*:16.*\)\./,
      );
    });

    it('complete what they fill in first', async () => {
      const [first] = await complete(`${HEAD}  duration: │`, FILLING);
      assert.deepEqual([first?.label, first?.detail], ['33d', 'default of policy shop']);
    });

    it('are told on the name of an identity with what they fill in', async () => {
      const said = await hover(
        WEB.replace('  duration: 47d\n', '').replace('name: web', 'name: we│b'),
        FILLING,
      );
      assert.match(said, /\| Filled in \| spec\.duration: 33d \(policy shop, policy\.identity\.yaml:7\) \|/);
    });

    it('stand in the documentation of what is completed', async () => {
      const [item] = await complete(`${HEAD}  duration: │`);
      const { documentation } = await fixture.client.request<{ readonly documentation: unknown }>(
        'completionItem/resolve',
        item,
      );
      assert.match(JSON.stringify(documentation), /As long as the shop can wait/);
    });
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

  describe('files of tests', () => {
    const TESTS = 'ours.policy-test.yaml';
    const TEXT = `now: "2027-03-15"
tests:
  - name: a year is too long
    manifests: |
      apiVersion: identity-as-code/v1
      kind: Certificate
      metadata: { name: web }
      spec: { dnsNames: [a.example.com], issuer: local-ca, duration: 365d }
    expect:
      - { rule: certificate/validity-too-long, severity: error }
`;
    const openTests = async (text: string) => {
      fixture = await openFixture({ files: { [TESTS]: text, 'policy.identity.yaml': POLICY } });
      fixture.open(TESTS);
    };
    const askAt = async <Result>(method: string, marked: string): Promise<Result> => {
      await openTests(marked.replace('│', ''));
      const before = marked.slice(0, marked.indexOf('│')).split('\n');
      return fixture.client.request<Result>(method, {
        textDocument: { uri: fixture.uri(TESTS) },
        position: { line: before.length - 1, character: (before.at(-1) ?? '').length },
      });
    };
    const labels = async (marked: string) =>
      (
        await askAt<{ readonly items: readonly { readonly label: string }[] }>(
          'textDocument/completion',
          marked,
        )
      ).items.map(({ label }) => label);

    it('are checked like manifests, and so are the manifests in them', async () => {
      await openTests(TEXT);
      assert.deepEqual(await pull(TESTS), []);
      await fixture.end();
      await openTests(
        TEXT.replace('expect:', 'expct:')
          .replace('severity: error', 'severity: fatal')
          .replace('365d', 'soon'),
      );
      assert.deepEqual(
        (await pull(TESTS)).map(({ code, range }) => [code, range.start.line]),
        [['manifest/unknown-field', 8]],
      );
      await fixture.end();
      await openTests(TEXT.replace('365d', 'soon').replace('-too-', '-to-'));
      assert.deepEqual(
        (await pull(TESTS)).map(({ code, range: { start } }) => [code, start.line]),
        [
          ['policy/bad-test', 7],
          ['reference/unknown-rule', 9],
        ],
      );
    });

    it('complete their fields, rules and severities', async () => {
      assert.deepEqual(await labels('│'), ['tests', 'now', 'policies']);
      await fixture.end();
      assert.deepEqual(await labels(TEXT.replace('    expect:', '    a│\n    expect:')), [
        'now',
        'policies',
        'files',
        'absent',
        'complete',
      ]);
      await fixture.end();
      const rules = await labels(TEXT.replace('rule: certificate/validity-too-long', 'rule: │'));
      assert.ok(rules.includes('key/allowed-algorithms') && rules.includes('custom/owner-on-call'));
      await fixture.end();
      assert.ok((await labels(`${TEXT}    absent:\n      - │`)).includes('custom/owner-on-call'));
      await fixture.end();
      assert.deepEqual(await labels(TEXT.replace('severity: error', 'severity: │')), [
        'error',
        'warning',
        'info',
      ]);
    });

    it('say by hover what a field means', async () => {
      const { contents } = await askAt<{ readonly contents: { readonly value: string } }>(
        'textDocument/hover',
        TEXT.replace('    expect', '    exp│ect'),
      );
      assert.match(contents.value, /Each of these has to be found/);
    });
  });
});
