import { NAME_TO_CHOOSE } from '../finding.ts';
import type { LocalFinding } from '../manifest/localFinding.ts';
import type { ManifestPath } from '../manifest/path.ts';
import type { Place } from './place.ts';
import { ANY_IDENTITY } from './references.ts';
import { schemaAt } from './schemaAt.ts';
import type { Schema } from './schemaNode.ts';

/** Nothing stands where a value belongs; where it names a resource, the project knows what could stand there. */
export function emptyValue(root: Schema, path: ManifestPath, message: string, place: Place): LocalFinding {
  const schema = schemaAt(root, path);
  const kind = schema?.['x-references'];
  const isText = schema?.type === 'string' && kind !== undefined && kind !== ANY_IDENTITY;
  const fix = isText ? place.fillIn(path, NAME_TO_CHOOSE) : undefined;
  const fixes =
    fix === undefined || kind === undefined ? [] : [{ ...fix, choose: { kind, role: schema?.['x-role'] } }];
  return place.finding('manifest/empty-value', message, path, { fixes });
}
