import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseSpiffeId,
  spiffeIdProblem,
  trustDomainProblem,
} from '../../../server/src/core/credential/spiffe/spiffeId.ts';

describe('SPIFFE IDs', () => {
  it('are taken when they follow the standard', () => {
    const good: readonly (readonly [string, string, string])[] = [
      ['spiffe://example.com', 'example.com', ''],
      ['spiffe://example.com/a', 'example.com', '/a'],
      ['spiffe://a_b-c.1/Path/._-/...', 'a_b-c.1', '/Path/._-/...'],
      ['spiffe://1.2.3.4/x', '1.2.3.4', '/x'],
      [`spiffe://${'a'.repeat(255)}/x`, 'a'.repeat(255), '/x'],
      [`spiffe://e/${'a'.repeat(2037)}`, 'e', `/${'a'.repeat(2037)}`],
    ];
    for (const [text, trustDomain, path] of good) {
      assert.equal(spiffeIdProblem(text), undefined, text.slice(0, 80));
      assert.deepEqual(parseSpiffeId(text), { trustDomain, path });
    }
  });

  it('are refused with the exact reason', () => {
    const bad: readonly (readonly [string, RegExp])[] = [
      ['', /empty/],
      ['example.com/a', /does not start with spiffe/],
      ['http://example.com/a', /does not start with spiffe/],
      ['spiffe:/example.com', /does not start with spiffe/],
      ['spiffe:example.com', /does not start with spiffe/],
      ['SPIFFE://example.com/a', /lower case/],
      ['Spiffe://example.com/a', /lower case/],
      ['spiffe://', /no trust domain/],
      ['spiffe:///path', /no trust domain/],
      ['spiffe://user@example.com/a', /user/],
      ['spiffe://example.com:8080/a', /port/],
      ['spiffe://example.com:/a', /port/],
      ['spiffe://[::1]/a', /port/],
      ['spiffe://Example.com/a', /capital/],
      ['spiffe://exämple.com/a', /other characters/],
      ['spiffe://exa%6dple.com/a', /other characters/],
      [`spiffe://${'a'.repeat(256)}/x`, /longer than 255/],
      ['spiffe://example.com/a?b', /query/],
      ['spiffe://example.com?b', /query/],
      ['spiffe://example.com/a#b', /fragment/],
      ['spiffe://example.com/', /ends with a slash/],
      ['spiffe://example.com/a/', /ends with a slash/],
      ['spiffe://example.com//a', /empty part/],
      ['spiffe://example.com/a//b', /empty part/],
      ['spiffe://example.com/./a', /part "\."/],
      ['spiffe://example.com/a/..', /part "\.\."/],
      ['spiffe://example.com/a%20b', /escaped/],
      ['spiffe://example.com/%2e%2e/b', /escaped/],
      ['spiffe://example.com/ä', /other characters/],
      ['spiffe://example.com/a b', /other characters/],
      ['spiffe://example.com/a\n', /other characters/],
      [`spiffe://e/${'a'.repeat(2038)}`, /longer than 2048/],
    ];
    for (const [text, why] of bad) {
      assert.match(spiffeIdProblem(text) ?? 'taken', why, text.slice(0, 80));
      assert.equal(parseSpiffeId(text), undefined);
    }
  });

  it('fall apart into what they were made of, and nothing else is taken', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,10}$/);
    const domain = fc.stringMatching(/^[a-z0-9._-]{1,20}$/);
    fc.assert(
      fc.property(domain, fc.array(part, { maxLength: 5 }), (trustDomain, parts) => {
        const path = parts.map((each) => `/${each}`).join('');
        assert.deepEqual(parseSpiffeId(`spiffe://${trustDomain}${path}`), { trustDomain, path });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (rest) => {
        const id = parseSpiffeId(`spiffe://${rest}`);
        if (id !== undefined) assert.equal(`${id.trustDomain}${id.path}`, rest);
      }),
    );
  });

  it('have trust domains that are names alone', () => {
    assert.equal(trustDomainProblem('example.com'), undefined);
    for (const text of ['', 'spiffe://example.com', 'example.com/', 'Example.com', 'a b'])
      assert.ok(trustDomainProblem(text), text);
  });
});
