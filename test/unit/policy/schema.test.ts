/** A policy's JSON Schema, against ajv as the judge of what a schema means. */
import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { isObject, type JsonValue } from '../../../server/src/core/manifest/path.ts';
import { satisfies, schemaProblems } from '../../../server/src/core/policy/schema/satisfies.ts';
import { schemaWords } from '../../../server/src/core/policy/schema/schemaFields.ts';
import { certificate, findingsOf, policy, projectOf, shown } from './project.ts';

const NAMES = ['a', 'b', 'c'] as const;
const value: fc.Arbitrary<JsonValue> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<JsonValue>(null, true, false, 0, 1, 2.5, -3, '', 'a', 'abc', '🙂'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value as fc.Arbitrary<JsonValue>;

const size = fc.nat(3);
const schema: fc.Arbitrary<JsonValue> = fc.letrec((tie) => ({
  schema: fc.oneof({ maxDepth: 1 }, fc.boolean(), tie('object')),
  object: fc.record(
    {
      type: fc.constantFrom('string', 'object', 'array', 'integer', 'number', 'boolean', 'null'),
      enum: fc.array(value, { minLength: 1, maxLength: 3 }),
      const: value,
      minLength: size,
      maxLength: size,
      pattern: fc.constantFrom('^a', 'b', '^[a-c]*$'),
      minimum: fc.integer({ min: -3, max: 3 }),
      exclusiveMaximum: fc.integer({ min: -3, max: 3 }),
      minItems: size,
      maxItems: size,
      uniqueItems: fc.boolean(),
      minProperties: size,
      maxProperties: size,
      required: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }),
      properties: fc.dictionary(fc.constantFrom(...NAMES), tie('schema'), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
      additionalProperties: tie('schema'),
      items: tie('schema'),
      contains: tie('schema'),
      allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      not: tie('schema'),
      if: tie('schema'),
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
      then: tie('schema'),
      else: tie('schema'),
    },
    { requiredKeys: [], noNullPrototype: true },
  ) as fc.Arbitrary<JsonValue>,
})).object as fc.Arbitrary<JsonValue>;

describe('the schema of a policy', () => {
  it('means what ajv takes it to mean', () => {
    fc.assert(
      fc.property(schema, value, (asked, given) => {
        const ajv = new Ajv({ strict: false, ownProperties: true, validateSchema: false, logger: false });
        assert.equal(satisfies(asked, given).length === 0, ajv.compile(asked as object)(given));
        assert.deepEqual(schemaProblems(asked), []);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('says of a field nothing that a check would not find', () => {
    let told = 0;
    fc.assert(
      fc.property(schema, fc.dictionary(fc.constantFrom(...NAMES), value), (asked, given) => {
        assert.ok(isObject(asked));
        for (const name of NAMES) {
          const own = given[name];
          for (const word of schemaWords(asked, given, [name])) {
            const isWrong =
              own === undefined
                ? word.required === true
                : word.forbidden === true || word.fits?.(own) === false;
            if (!isWrong) continue;
            told += 1;
            assert.notDeepEqual(satisfies(asked, given), [], JSON.stringify(word));
          }
        }
      }),
      { numRuns: 400, endOnFailure: true },
    );
    assert.ok(told > 100, `${told}`);
  });

  it('is held to the spec of the identities that the policy selects', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', 'duration: 90d'),
      'p.identity.yaml': policy(
        'own',
        'schema:\n  required: [consumers]\n  properties:\n    duration: { enum: [30d, 47d] }\n    owner: { required: [contact] }',
      ),
    });
    assert.deepEqual(findingsOf(index).map(shown), [
      'error policy/schema a.identity.yaml:4 "consumers" is required; add it (policy own)',
      'error policy/schema a.identity.yaml:8 it must be "30d" or "47d" (policy own)',
      'error policy/schema a.identity.yaml:5 "contact" is required; add it (policy own)',
    ]);
    assert.equal(findingsOf(index)[0]?.related[0]?.range.start.line, 4);
  });

  it('takes bounded time, whatever it says', () => {
    const loop = {
      definitions: { a: { anyOf: [{ $ref: '#/definitions/a' }, { $ref: '#/definitions/a' }] } },
      $ref: '#/definitions/a',
    };
    const wide = { items: { anyOf: Array.from({ length: 1000 }, () => ({ const: 'x' })) } };
    const slow = { pattern: '^(a+)+$' };
    for (const [asked, given] of [
      [loop, 1],
      [wide, Array.from({ length: 10_000 }, () => 'y')],
      [slow, `${'a'.repeat(3000)}!`],
    ] as const) {
      const before = process.cpuUsage();
      satisfies(asked as never, given);
      Array.from(schemaWords(asked as never, given, ['a', 'b']));
      const { user } = process.cpuUsage(before);
      assert.ok(user < 1_000_000, `${user} µs`);
    }
  });
});
