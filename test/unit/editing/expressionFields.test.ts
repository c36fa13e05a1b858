/** Field names inside the CEL expressions of a policy. */
import assert from 'node:assert/strict';
import { completionsAt } from '../../../server/src/core/editing/completion.ts';
import { expressionWord } from '../../../server/src/core/editing/expressionFields.ts';
import { documentAt } from '../../../server/src/core/manifest/documentAt.ts';
import { backendRoles } from '../../../server/src/core/schema/backendRoles.ts';
import { applied, at } from './cursor.ts';

const policy = (
  expression: string,
  selector = '{ matchKinds: [Certificate] }',
): string => `apiVersion: identity-as-code/v1
kind: Policy
metadata:
  name: own
spec:
  selector: ${selector}
  customRules:
    - id: one
      message: it must be so
      expression: ${expression}
`;

const offers = (marked: string) => {
  const { file, position, index } = at(marked);
  return completionsAt(file, position, { index, backendRoles: backendRoles() });
};
const labels = (marked: string): readonly string[] => offers(marked).map(({ label }) => label);

describe('fields in expressions', () => {
  it('are those of the kinds that the policy selects', () => {
    assert.deepEqual(labels(policy('identity.│')), ['apiVersion', 'kind', 'metadata', 'spec']);
    const certificate = labels(policy('identity.spec.│'));
    assert.ok(certificate.includes('dnsNames') && !certificate.includes('spiffeId'));
    const both = offers(policy('identity.spec.│', '{ matchKinds: [Certificate, Workload] }'));
    assert.equal(both.find(({ label }) => label === 'spiffeId')?.detail, 'SPIFFE ID · Workload');
    assert.ok(labels(policy('identity.spec.│', '{}')).includes('principals'));
    assert.deepEqual(labels(policy('identity.spec.owner.│')), ['team', 'contact']);
  });

  it('are offered in every style of scalar, in loops and behind what is typed', () => {
    assert.deepEqual(labels(policy('"has(identity.spec.owner) && identity.spec.owner.c│ == \'\'"')), [
      'team',
      'contact',
    ]);
    assert.ok(labels(policy('|\n        identity.spec.deliverTo.all(d,\n          d.│')).includes('backend'));
    assert.ok(labels(policy("identity.spec.deliverTo.filter(d, d.path == '').all(e, e.│)")).length >= 0);
    assert.ok(labels(policy('identity.spec.deliverTo[0].│')).includes('backend'));
    assert.ok(labels(policy('identity.spec.dnsNames.│')).includes('exists'));
    assert.deepEqual(labels(policy('│')).slice(0, 3), ['identity', 'labels', 'now']);
    assert.deepEqual(labels(policy('foo.│')), []);
  });

  it('replace the word that is there', () => {
    const marked = policy('identity.spec.owner.con│tac == "a"');
    const { text } = at(marked);
    const offer = offers(marked).find(({ label }) => label === 'contact');
    assert.ok(offer);
    const after = applied(text, [{ range: offer.replace, newText: offer.text.plain }]);
    assert.match(after, /identity\.spec\.owner\.contact == "a"/);
  });

  it('say what they mean', () => {
    const meaning = (marked: string) => {
      const { file, position } = at(marked);
      const document = documentAt(file, position.line);
      assert.ok(document);
      const word = expressionWord(document, position);
      return word?.is === 'field' ? `${word.kind} ${word.path.join('.')}` : word?.text;
    };
    assert.equal(meaning(policy('identity.spec.ow│ner.contact != "a"')), 'Certificate spec.owner');
    assert.equal(meaning(policy('identity.spec.owner.contac│t != "a"')), 'Certificate spec.owner.contact');
    assert.equal(
      meaning(policy('identity.spec.deliverTo.all(d, d.pa│th != "a")')),
      'Certificate spec.deliverTo.0.path',
    );
    assert.match(meaning(policy('no│w > timestamp("2030-01-01T00:00:00Z")')) ?? '', /beginning of the day/);
    assert.equal(meaning(policy('identity.spec.owner.contact != "a│"')), undefined);
  });
});
