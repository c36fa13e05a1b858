import { API_VERSION } from '../identity/identityId.ts';
import { yamlText } from '../schema/place.ts';
import { listed, type WizardField } from './wizardFields.ts';

export interface WizardManifest {
  readonly kind: string;
  readonly name: string;
  /** Of a Backend. */
  readonly type: string | undefined;
  readonly fields: readonly WizardField[];
  readonly answers: Readonly<Record<string, string>>;
  readonly deliveries: readonly {
    readonly backend: string;
    readonly path: string;
    readonly contents: string;
  }[];
}

/** The values of maps, in the order in which they were asked for. */
interface Values extends Map<string, string | Values> {}

/** The manifest that was answered; what was left empty is left out. */
export function wizardText({ kind, name, type, fields, answers, deliveries }: WizardManifest): string {
  const spec: Values = new Map();
  if (type !== undefined) spec.set('type', yamlText(type));
  for (const { field, is } of fields) {
    const answer = answers[field]?.trim() ?? '';
    if (answer === '') continue;
    const value = is === 'list' ? `[${listed(answer).map(yamlText).join(', ')}]` : yamlText(answer);
    put(spec, field.split('.').slice(1), value);
  }
  return [
    `apiVersion: ${API_VERSION}`,
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    ...(spec.size === 0 && deliveries.length === 0 ? ['spec: {}'] : ['spec:']),
    ...[...spec].map(([key, value]) => `  ${key}: ${written(value)}`),
    ...(deliveries.length === 0 ? [] : ['  deliverTo:']),
    ...deliveries.map(
      ({ backend, path, contents }) =>
        `    - { backend: ${backend}, path: ${yamlText(path)}, contents: [${contents}] }`,
    ),
    '',
  ].join('\n');
}

function put(into: Values, [key, ...rest]: readonly string[], value: string): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    into.set(key, value);
    return;
  }
  const below = into.get(key);
  const map: Values = typeof below === 'object' ? below : new Map();
  into.set(key, map);
  put(map, rest, value);
}

function written(value: string | Values): string {
  if (typeof value === 'string') return value;
  return `{ ${[...value].map(([key, member]) => `${key}: ${written(member)}`).join(', ')} }`;
}
