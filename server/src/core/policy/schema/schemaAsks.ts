import {
  isObject,
  type JsonObject,
  type JsonValue,
  type ManifestPath,
  valueAt,
} from '../../manifest/path.ts';
import { type Ask, type BoundPolicy, isWaivable } from '../boundPolicy.ts';
import { satisfies } from './satisfies.ts';
import { schemaWords } from './schemaFields.ts';

/** Of what a policy's schema asks for. */
export const SCHEMA = 'policy/schema';

/** The schema that a policy has for the `spec` of each identity. */
export function schemaAsks(policy: BoundPolicy): readonly Ask[] {
  const schema: JsonValue = (policy.resource.spec.schema ?? null) as JsonValue;
  if (!isObject(schema)) return [];
  const parameters: JsonObject = { schema };
  return [
    {
      rule: SCHEMA,
      policy,
      path: ['spec', 'schema'],
      severity: 'error',
      parameters,
      overridable: false,
      waivable: isWaivable(policy.origin, undefined),
      judge: ({ resource, manifest }) => {
        const spec = manifest['spec'] ?? {};
        const written = resource.spec as unknown as JsonValue;
        // Nobody could remove it from the manifest.
        const isFilledIn = (path: ManifestPath): boolean =>
          valueAt(spec, path) !== undefined && valueAt(written, path) === undefined;
        return satisfies(schema, spec, { isFilledIn }).map(({ path, part, message }) => ({
          path: ['spec', ...path],
          part,
          message,
        }));
      },
      ofField: ({ resource, path: [first, ...path] }) =>
        first === 'spec' ? schemaWords(schema, resource.spec, path) : [],
    },
  ];
}
