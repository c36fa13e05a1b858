// Reads schemas/*.schema.json and the config schema of each backend, and makes one self-contained schema per kind,
// and per backend type for Backend.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { policedRules, typeOfRule } from './rules.mjs';

const SCHEMAS = 'schemas';
const BACKENDS = 'server/src/backends';
const SHARED = 'shared.schema.json';

const json = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is no JSON: ${cause.message}`, { cause });
  }
};

/** A copy in which each `$ref` is what `change` makes of it. */
function mapReferences(schema, change) {
  if (Array.isArray(schema)) return schema.map((each) => mapReferences(each, change));
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? change(value) : mapReferences(value, change),
    ]),
  );
}

function references(schema, found = new Set()) {
  if (schema !== null && typeof schema === 'object') {
    for (const [key, value] of Object.entries(schema)) {
      if (key === '$ref' && typeof value === 'string') found.add(value);
      else references(value, found);
    }
  }
  return found;
}

/** Draft-07 without what points outside: shared definitions that are used become definitions of its own. */
function selfContained(schema, shared) {
  const local = mapReferences(schema, (reference) => reference.replace(/^.*shared\.schema\.json#/, '#'));
  const definitions = { ...local.definitions };
  for (let grown = true; grown; ) {
    grown = false;
    for (const reference of references({ ...local, definitions })) {
      const name = reference.replace('#/definitions/', '');
      if (name in definitions) continue;
      if (!(name in shared.definitions)) throw new Error(`${schema.title}: ${reference} is defined nowhere`);
      definitions[name] = shared.definitions[name];
      grown = true;
    }
  }
  return { ...local, definitions };
}

/** Folders of backends/ that are a backend: they have a backend.ts. */
export function backendFolders() {
  return readdirSync(BACKENDS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(BACKENDS, entry.name, 'backend.ts')))
    .map((entry) => entry.name)
    .sort();
}

/** Config schemas by type. Definitions get the type's name in front, so that they cannot meet each other's. */
function backendTypes() {
  const types = {};
  for (const entry of readdirSync(BACKENDS, { withFileTypes: true })) {
    const file = path.join(BACKENDS, entry.name, 'config.schema.json');
    if (!entry.isDirectory() || !existsSync(file)) continue;
    const schema = json(file);
    if (schema.type !== 'object' || typeof schema.properties !== 'object')
      throw new Error(`${file} must describe an object with properties`);
    if (!Array.isArray(schema['x-roles']))
      throw new Error(`${file} must name the backend's roles in "x-roles"`);
    const own = new Set(Object.keys(schema.definitions ?? {}));
    const prefixed = mapReferences(schema, (reference) => {
      const name = reference.replace('#/definitions/', '');
      return own.has(name) ? `#/definitions/${entry.name}.${name}` : reference;
    });
    types[entry.name] = {
      title: schema.title ?? entry.name,
      description: schema.description ?? '',
      roles: schema['x-roles'],
      // A role that hangs on a field is played by manifests alone that have it.
      rolesByField: Object.fromEntries(
        Object.entries(schema.properties).flatMap(([field, { 'x-roles': roles }]) =>
          roles === undefined ? [] : [[field, roles]],
        ),
      ),
      formerVersions: schema['x-former-versions'] ?? [],
      properties: prefixed.properties,
      required: prefixed.required ?? [],
      definitions: Object.fromEntries(
        Object.entries(prefixed.definitions ?? {}).map(([name, value]) => [`${entry.name}.${name}`, value]),
      ),
    };
  }
  return types;
}

/** A policy names each rule with the parameters that this rule has. */
function withRules(policy) {
  const definitions = { ...policy.definitions };
  const own = definitions.PolicyRule;
  const properties = {};
  for (const { id, title, parameters } of policedRules()) {
    if (parameters === undefined) {
      properties[id] = { $ref: '#/definitions/PolicyRule', title: id, description: `${title}.` };
      continue;
    }
    const { definitions: more = {}, ...schema } = parameters;
    const name = typeOfRule(id);
    Object.assign(definitions, more);
    definitions[name] = {
      ...own,
      ...schema,
      title: id,
      description: schema.description === undefined ? `${title}.` : `${title}. ${schema.description}`,
      properties: { ...schema.properties, ...own.properties },
    };
    properties[id] = { $ref: `#/definitions/${name}` };
  }
  const rules = { ...definitions.PolicyRules, properties };
  return { ...policy, definitions: { ...definitions, PolicyRules: rules } };
}

/** `{ kinds: { Certificate: schema, … }, backendTypes: { local: { title, roles, schema, … } } }`, all self-contained. */
export function assembleSchemas() {
  const shared = json(path.join(SCHEMAS, SHARED));
  const kinds = {};
  for (const name of readdirSync(SCHEMAS).sort()) {
    if (!name.endsWith('.schema.json') || name === SHARED) continue;
    const schema = json(path.join(SCHEMAS, name));
    kinds[schema.title] = selfContained(schema.title === 'Policy' ? withRules(schema) : schema, shared);
  }
  const types = backendTypes();
  const source = json(path.join(SCHEMAS, 'backend.schema.json'));
  const base = source.definitions.BackendSpec;
  const type = {
    ...base.properties.type,
    ...(Object.keys(types).length === 0 ? {} : { enum: Object.keys(types) }),
  };
  kinds.Backend.definitions.BackendSpec.properties.type = type;
  for (const each of Object.values(types)) {
    each.schema = selfContained(
      {
        ...source,
        definitions: {
          ...each.definitions,
          BackendSpec: {
            ...base,
            additionalProperties: false,
            properties: {
              ...base.properties,
              type,
              ...each.properties,
            },
            required: [...base.required, ...each.required],
          },
        },
      },
      shared,
    );
  }
  return { kinds, backendTypes: types };
}
