import type { ProjectIndex } from '../identity/projectIndex.ts';
import { type JsonValue, valueAt } from '../manifest/path.ts';
import type { Resource } from '../manifest/resource.ts';
import { plural } from '../text/instant.ts';
import { symbolName } from './symbolSearch.ts';

/** What a reference's reader wants to know of what it names. Values are plain text. */
export function resourceCard(
  index: ProjectIndex,
  resource: Resource,
  backendRoles: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [label: string, value: string])[] {
  const { spec } = resource;
  const type = text(valueAt(spec, ['type']));
  const roles = resource.kind === 'Backend' && type !== undefined ? backendRoles.get(type) : undefined;
  const users = index.referencesTo(resource).length;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Names', symbolName(resource)],
    ['Type', type],
    ['Roles', roles?.join(', ')],
    ['Authority', text(valueAt(spec, ['authority', 'commonName']))],
    ['SPIFFE ID', text(valueAt(spec, ['spiffeId']))],
    ['Purpose', text(valueAt(spec, ['purpose']))],
    ['Made by', text(spec['issuer']) ?? text(spec['store']) ?? text(spec['registry'])],
    ['Location', text(valueAt(spec, ['network', 'location']))],
    ['Provider', text(valueAt(spec, ['provider']))],
    ['Owner', owner(spec['owner'])],
    ['Declared in', `${resource.file}:${resource.locate(['metadata', 'name']).start.line + 1}`],
    ['Named', plural(users, 'time')],
  ];
  return lines.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[label, value] as const],
  );
}

function owner(value: JsonValue | undefined): string {
  return [text(valueAt(value, ['team'])), text(valueAt(value, ['contact']))]
    .filter((part) => part !== undefined)
    .join(', ');
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
