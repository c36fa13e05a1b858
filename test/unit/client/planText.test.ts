import assert from 'node:assert/strict';
import { planText } from '../../../client/src/planText.ts';
import type { Plan } from '../../../client/src/protocol.ts';

const plan: Plan = {
  id: 'p1',
  hash: 'abc',
  verb: 'rotate',
  identity: { kind: 'Certificate', namespace: 'payments', name: 'api' },
  summary: 'Makes a new key for payments/api.',
  steps: [
    {
      n: 1,
      verb: 'make-key',
      class: 'undoable',
      keyChanges: true,
      consequence: 'A new key, in memory.',
      machine: 'payments-1',
    },
    {
      n: 2,
      verb: 'issue',
      class: 'final',
      keyChanges: false,
      consequence: 'Signs it.',
      backend: 'local-ca',
      target: 'ca/1',
    },
  ],
  line: 2,
  warnings: ['checkout depends on it.'],
  confirmation: { commandLine: 'idac rotate Certificate/payments/api' },
  preflight: [
    {
      step: 2,
      backend: 'local-ca',
      what: 'state folder',
      outcome: 'failed',
      detail: 'It cannot be written.',
      hint: 'Check its mode.',
    },
    { step: null, what: 'confirmation', outcome: 'person', detail: 'A person says yes.' },
  ],
  changes: [
    { title: 'Machines', before: null, after: 'payments-1', changes: true },
    { title: 'Valid', machines: ['payments-1'], before: 'until May', after: 'until June', changes: true },
    { title: 'tls/api.pem at local-ca', before: 'chain', after: null, changes: true },
    { title: 'Usages', before: 'serverAuth', after: 'serverAuth', changes: false },
  ],
  reach: [
    { what: 'backend', name: 'local-ca', detail: 'issue; owned by platform' },
    { what: 'consumer', name: 'checkout', detail: 'goes on working' },
    { what: 'consumer', name: 'mobile-app', detail: 'goes on working' },
    { what: 'outage', name: '', detail: 'none' },
  ],
  again: { verb: 'rotate', identity: 'Certificate/payments/api', uri: 'file:///project' },
};
const english = (text: string, ...values: (string | number)[]): string =>
  text.replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)]));

describe('client: the plan as a page', () => {
  it('shows every step in order, the line before the first final one, and the command line', () => {
    assert.equal(
      planText(plan, english),
      `Makes a new key for payments/api.
Nothing has been changed yet.

! checkout depends on it.

New
  Machines      payments-1

Changes
  Valid (payments-1)
      until May
    → until June
  tls/api.pem at local-ca
      chain
    → gone

Stays as it is
  Usages        serverAuth

Reaches
  Backend       local-ca: issue; owned by platform
  Used by       checkout, mobile-app: goes on working
  Outage        none

Steps
   1  make the key · payments-1
      A new key, in memory.
      (can be undone, the key changes)
  ──── the line: what follows cannot be taken back ────
   2  issue · local-ca
      ca/1
      Signs it.
      (final)

Until step 2 it can be undone; from there on it can only be finished.

Checked before
  would fail: step 2 · local-ca · state folder
      It cannot be written.
      next: Check its mode.
  a person is needed: confirmation
      A person says yes.

On the command line
    idac rotate Certificate/payments/api

Plan
    id    p1
    hash  abc
`,
    );
  });

  it('says so when it is no longer of now', () => {
    const outdated = planText(plan, english, { state: 'outdated', why: 'its manifest changed' });
    assert.match(outdated, /^! Outdated: its manifest changed\. Plan it again/m);
    assert.doesNotMatch(outdated, /Nothing has been changed yet/);
    assert.match(
      planText(plan, english, { state: 'gone', why: 'it was carried out' }),
      /^! Over: it was carried out\.$/m,
    );
  });

  it('says so when there is no line', () => {
    const text = planText({ ...plan, line: null, warnings: [] }, english);
    assert.match(text, /Every step can be taken back or done again\./);
    assert.doesNotMatch(text, /────/);
  });

  it('says so when it cannot be undone at all', () => {
    const text = planText({ ...plan, line: 1 }, english);
    assert.match(text, /\nThe first step is final: once started it can only be finished\.\n/);
    assert.doesNotMatch(text, /it can be undone/);
  });
});
