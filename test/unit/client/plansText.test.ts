import assert from 'node:assert/strict';
import { plansText } from '../../../client/src/plansText.ts';
import type { ConfirmAllParams, Plan } from '../../../client/src/protocol.ts';

const t = (message: string, ...values: (string | number)[]): string =>
  message.replaceAll(/\{(\d)\}/g, (_, place: string) => String(values[Number(place)]));

const plan = (name: string): Plan => ({
  id: name,
  hash: '',
  verb: 'revoke',
  identity: { kind: 'Certificate', namespace: 'shop', name },
  summary: `revoke Certificate/shop/${name}: one certificate`,
  steps: [
    { n: 1, verb: 'revoke', class: 'final', keyChanges: false, consequence: 'revokes it', backend: 'ca' },
    { n: 2, verb: 'publish', class: 'repeatable', keyChanges: false, consequence: 'publishes the list' },
  ],
  line: 1,
  warnings: ['Used by checkout.'],
  confirmation: { commandLine: `idac revoke Certificate/shop/${name}` },
  preflight: [],
  changes: [],
  reach: [
    { what: 'backend', name: 'ca', detail: 'revoke' },
    { what: 'outage', name: '', detail: 'from step 1 on' },
  ],
  again: { verb: 'revoke', identity: `Certificate/shop/${name}` },
});

describe('client: several plans as one page', () => {
  const question: ConfirmAllParams = {
    verb: 'revoke',
    title: 'Revoke 2 identities?',
    plans: [plan('a'), plan('b')],
    leftAlone: [{ subject: 'Certificate/shop/c', why: 'It was never issued.' }],
    consequences: [{ text: 'It is refused from then on.', count: 2 }],
    backends: [{ name: 'ca', detail: 'revoke', count: 2 }],
    typedText: 'revoke 2',
  };

  it('says once what they have in common, then each with its steps and its line', () => {
    const text = plansText(question, t);
    assert.match(text, /^Revoke 2 identities\?\nNothing has been changed yet\.\n/);
    for (const part of [
      'What follows\n  2 × It is refused from then on.\n',
      'Warnings\n  2 × Used by checkout.\n',
      'Backends\n  ca (2): revoke\n',
      'Left as they are\n  Certificate/shop/c: It was never issued.\n',
    ])
      assert.ok(text.includes(part), part);
    for (const name of ['a', 'b']) {
      const own = text.slice(text.indexOf(`\nCertificate/shop/${name}\n`));
      assert.ok(own.indexOf('the line: what follows cannot be taken back') < own.indexOf('revokes it'));
      assert.ok(own.includes(`    idac revoke Certificate/shop/${name}\n`));
      assert.match(own, /Outage {8}from step 1 on/);
    }
  });

  it('leaves out what there is nothing of', () => {
    const text = plansText({ ...question, leftAlone: [], consequences: [] }, t);
    assert.ok(!/What follows|Left as they are/.test(text));
  });
});
