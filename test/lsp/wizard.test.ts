/** The wizards over the real connection: questions from the schemas, answers checked as they are given, a manifest that checks clean. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { BACKEND, type Fixture, openFixture, WEB } from './fixture.ts';

interface Step {
  readonly field: string;
  readonly title: string;
  readonly prompt: string;
  readonly is: string;
  readonly choices: readonly {
    readonly value: string;
    readonly label: string;
    readonly description: string;
  }[];
  readonly value: string;
  readonly placeholder: string;
  readonly optional: boolean;
  readonly n: number;
  readonly of: number;
  readonly problem: string | null;
}
interface Answer {
  readonly step?: Step;
  readonly file?: string;
  readonly line?: number;
  readonly files?: readonly {
    readonly file: string;
    readonly text: string;
    readonly end: { readonly line: number; readonly character: number } | null;
  }[];
}
type Answers = Record<string, string>;

describe('language server: wizards', function () {
  this.timeout(PATIENCE);
  let fixture: Fixture;
  let box: Sandbox;
  afterEach(() => fixture.end());
  const open = async (files: Answers = {}): Promise<void> => {
    box = sandbox();
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(box.folder, file), text);
    fixture = await openFixture({ box });
  };
  const ask = (what: string, answers: Answers): Promise<Answer> =>
    fixture.client.request<Answer>('identity/wizard', { what, answers });
  /** Takes what is proposed, and the given answers where there is no proposal. */
  const walk = async (what: string, given: Answers): Promise<{ answer: Answer; steps: readonly Step[] }> => {
    const answers: Answers = {};
    const steps: Step[] = [];
    for (;;) {
      const answer = await ask(what, answers);
      const { step } = answer;
      if (step === undefined) return { answer, steps };
      assert.equal(step.problem, null, `${step.field}: ${step.problem}`);
      steps.push(step);
      answers[step.field] = given[step.field] ?? (step.value || (step.optional ? '' : step.placeholder));
    }
  };
  const apply = ({ files = [] }: Answer): void => {
    for (const { file, text, end } of files) {
      const place = path.join(box.folder, file);
      mkdirSync(path.dirname(place), { recursive: true });
      if (end === null) writeFileSync(place, text, { flag: 'wx' });
      else writeFileSync(place, readFileSync(place, 'utf8') + text);
    }
  };
  const errors = async (): Promise<readonly string[]> => {
    const { data } = await box.json(['check']);
    return (data['findings'] as readonly { severity: string; message: string }[])
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
  };

  it('declares a first certificate with the authority that is built in, and that can be issued at once', async () => {
    await open();
    const { answer, steps } = await walk('identity', {
      name: 'shop',
      'spec.dnsNames': 'shop.example.com, www.shop.example.com',
    });
    assert.deepEqual(
      steps.map(({ field }) => field),
      [
        'kind',
        'name',
        'spec.dnsNames',
        'spec.issuer',
        'spec.duration',
        'spec.owner.team',
        'spec.owner.contact',
        'deliver',
        'file',
      ],
    );
    assert.deepEqual(
      steps.map(({ n, of }) => `${n}/${of}`),
      steps.map((_step, at) => `${at + 1}/9`),
    );
    assert.equal(steps[0]?.choices.length, 6);
    assert.ok(steps.every(({ title, prompt }) => title !== '' && prompt !== ''));
    assert.deepEqual(
      answer.files?.map(({ file }) => file),
      ['identities/shop.identity.yaml', 'backends/local-ca.identity.yaml', '.gitignore'],
    );
    assert.equal(answer.file, 'identities/shop.identity.yaml');
    apply(answer);
    assert.match(
      readFileSync(path.join(box.folder, 'identities/shop.identity.yaml'), 'utf8'),
      /dnsNames: \[shop\.example\.com, www\.shop\.example\.com\]/,
    );
    assert.deepEqual(await errors(), []);
    assert.equal((await box.idac(['login', 'local-ca', '--yes'])).code, 0);
    const issued = await box.idac(['issue', 'Certificate/shop', '--yes']);
    assert.equal(issued.code, 0, issued.out + issued.err);
    assert.ok(existsSync(path.join(box.folder, 'tls/shop.key.pem')));
  });

  it('makes a manifest without an error of every kind and every type of backend, from what it proposes', async () => {
    await open({ 'ca.identity.yaml': BACKEND, '.gitignore': '*.key.pem\n*.token' });
    const identities: readonly Answers[] = [
      'Certificate',
      'Key',
      'SshKey',
      'SshCertificate',
      'Token',
      'Workload',
    ].map((kind) => ({ kind, name: `new-${kind.toLowerCase()}` }));
    for (const given of identities) apply((await walk('identity', given)).answer);
    for (const type of ['local', 'vault', 'pkcs11'])
      apply(
        (
          await walk('backend', {
            type,
            name: `new-${type}`,
            'spec.authority.commonName': 'New',
            'spec.pki.role': 'web',
          })
        ).answer,
      );
    assert.deepEqual(await errors(), []);
    const { data } = await box.json(['inventory']);
    const kinds = (data['identities'] as readonly { kind: string; name: string }[]).filter(
      ({ name }) => name.startsWith('new-') && name !== 'new-vault',
    );
    assert.deepEqual(kinds.map(({ kind }) => kind).sort(), identities.map(({ kind }) => kind).sort());
  });

  it('says what is wrong with an answer, and asks that again', async () => {
    await open({ 'ca.identity.yaml': BACKEND, 'web.identity.yaml': WEB });
    const base = { kind: 'Certificate', name: 'shop' };
    for (const [answers, field, problem] of [
      [{ kind: 'Certificat' }, 'kind', /none of the choices/],
      [{ ...base, name: 'Shop_API' }, 'name', /write "shop-api"/],
      [{ ...base, name: 'con' }, 'name', /device on Windows/],
      [{ ...base, name: 'web' }, 'name', /declared in web\.identity\.yaml already/],
      [{ ...base, 'spec.dnsNames': 'good.example, bad name' }, 'spec.dnsNames', /bad name/],
      [{ ...base, 'spec.dnsNames': 'a.example', 'spec.issuer': '' }, 'spec.issuer', /needed/],
      [
        { ...base, 'spec.dnsNames': 'a.example', 'spec.issuer': 'local-ca', 'spec.duration': 'soon' },
        'spec.duration',
        /soon/,
      ],
    ] as const) {
      const { step } = await ask('identity', answers);
      assert.equal(step?.field, field);
      assert.match(step?.problem ?? '', problem);
    }
    const whole = {
      ...base,
      'spec.dnsNames': 'shop.example.com',
      'spec.issuer': 'local-ca',
      'spec.duration': '47d',
      'spec.owner.team': 'shop',
      'spec.owner.contact': '',
      deliver: 'later',
    };
    for (const [file, problem] of [
      ['web.identity.yaml', /there already/],
      ['../outside.identity.yaml', /cannot be used/],
      ['/etc/x.identity.yaml', /cannot be used/],
      ['.git/x.identity.yaml', /cannot be used/],
      ['shop.yaml', /must end in/],
    ] as const) {
      const { step } = await ask('identity', { ...whole, file });
      assert.equal(step?.field, 'file');
      assert.match(step?.problem ?? '', problem, file);
    }
    const { step } = await ask('identity', {
      ...base,
      'spec.dnsNames': 'a.example',
      'spec.issuer': 'local-ca',
      'spec.duration': '1d',
    });
    assert.equal(step?.field, 'spec.owner.team');
    assert.equal(step?.value, 'shop', 'the team of the manifests beside it');
  });

  it('reads no answer as YAML', async () => {
    await open({ 'ca.identity.yaml': BACKEND });
    const { answer } = await walk('identity', {
      name: 'odd',
      'spec.dnsNames': 'odd.example.com',
      'spec.owner.team': 'a }, kind: { # "b"\\',
      'spec.owner.contact': 'yes',
    });
    apply(answer);
    assert.deepEqual(await errors(), []);
    const { data } = await box.json(['inventory']);
    const [row] = data['identities'] as readonly { owner: string; contact: string }[];
    assert.equal(row?.owner, 'a }, kind: { # "b"\\');
    assert.equal(row?.contact, 'yes');
  });

  it('refuses parameters that are none', async () => {
    await open();
    await assert.rejects(ask('wish', {}), /identity or backend/);
  });
});
