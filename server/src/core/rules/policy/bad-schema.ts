import { isObject, type JsonValue } from '../../manifest/path.ts';
import { schemaProblems } from '../../policy/schema/satisfies.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const SCHEMA = ['spec', 'schema'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'policy/bad-schema',
    severity: 'error',
    perResource: true,
    title: 'The schema of a policy asks for what is not read',
    why: 'A keyword that nobody reads looks as if it asked for something. Patterns are those of RE2, since others can take for ever on a text that is made for it.',
    remedy:
      'Remove the keyword, or say it in another way. Read are the keywords of JSON Schema draft-07 about types, values, lengths, fields, items and combinations.',
    standard: 'JSON Schema draft-07',
  },
  *check({ index }) {
    for (const resource of index.resources) {
      if (resource.kind !== 'Policy' || !resource.usable) continue;
      const schema: JsonValue | undefined = resource.spec['schema'];
      if (!isObject(schema)) continue;
      for (const { path, part, message } of schemaProblems(schema))
        yield report(resource, [...SCHEMA, ...path], message, { part });
    }
  },
};
