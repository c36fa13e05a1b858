// Reference pages: one per rule from its meta and its examples, one per kind from its schema. They are committed, and a test holds
// them to what this makes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { policedRules, ruleIds, typeOfRule } from './rules.mjs';
import { assembleSchemas } from './schemas.mjs';

const EXAMPLES = 'test/rules';
const REPEATED = 'The pages in this folder are generated (`npm run generate -- --docs`).';

export async function generateDocs() {
  const { DOCUMENT_RULES } = await tsImport('../../server/src/core/schema/documentRules.ts', import.meta.url);
  const { CREDENTIAL_RULES } = await tsImport(
    '../../server/src/core/credential/findings/registry.ts',
    import.meta.url,
  );
  const { LINT_RULES } = await tsImport('../../server/src/core/lint/generated/registry.ts', import.meta.url);
  const { DETECTORS } = await tsImport(
    '../../server/src/core/secrets/generated/registry.ts',
    import.meta.url,
  );
  const { NOT_SECRET_RULES } = await tsImport(
    '../../server/src/core/secrets/notSecrets/rules.ts',
    import.meta.url,
  );
  const found = new Set(DETECTORS.flatMap(({ rules }) => rules));
  const { POLICY_RULES } = await tsImport('../../server/src/core/policy/policyRules.ts', import.meta.url);
  const metas = [...DOCUMENT_RULES, ...CREDENTIAL_RULES, ...found, ...NOT_SECRET_RULES, ...POLICY_RULES];
  for (const { meta } of LINT_RULES) metas.push(meta);
  for (const id of ruleIds())
    metas.push((await tsImport(`../../server/src/core/rules/${id}.ts`, import.meta.url)).rule.meta);
  metas.sort((a, b) => (a.id < b.id ? -1 : 1));
  const schemas = assembleSchemas();
  const pages = { 'docs/rules/README.md': ruleList(metas), 'docs/kinds/README.md': kindList(schemas) };
  const policed = new Map(policedRules().map((rule) => [rule.id, rule]));
  for (const meta of metas)
    pages[`docs/rules/${meta.id}.md`] = rulePage(
      meta,
      policed.get(meta.id)?.parameters,
      schemas.kinds.Policy,
    );
  for (const [kind, schema] of Object.entries(schemas.kinds)) {
    pages[`docs/kinds/${kindPageName(kind)}`] = kindPage(kind, schema, schemas.backendTypes);
  }
  return pages;
}

function ruleList(metas) {
  const rows = metas.map(({ id, severity, title }) => `| [${id}](${id}.md) | ${severity} | ${title} |`);
  return `# Rules\n\n${REPEATED}\n\n| rule | severity | finds |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function examples(id, kind) {
  const folder = path.join(EXAMPLES, id, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8').trimEnd());
}

function rulePage({ id, severity, title, why, remedy, standard }, parameters, policy) {
  const parts = [
    `# ${id}`,
    `${title}. Severity: ${severity}.`,
    '## Why it matters',
    why,
    '## What to do',
    remedy,
  ];
  if (standard !== undefined) parts.push(`Standard: ${standard}.`);
  if (parameters !== undefined) {
    parts.push(
      '## Parameters',
      'What a policy can say of it, besides `severity`, `overridable` and `waivable`.',
    );
    if (parameters.description !== undefined) parts.push(`${parameters.description}.`);
    const { properties: own, ...rule } = policy.definitions[typeOfRule(id)];
    const properties = Object.fromEntries(
      Object.entries(own).filter(([name]) => name in parameters.properties),
    );
    if (Object.keys(properties).length > 0)
      parts.push(fieldTable(policy, fieldsOf(policy, { ...rule, properties })));
  }
  // The first example of each sort is enough for a reader; all of them are tests.
  const [wrong] = examples(id, 'invalid');
  const [right] = examples(id, 'valid');
  if (wrong !== undefined)
    parts.push('## Wrong', `\`\`\`yaml\n${wrong.replaceAll(' # finds: ', ' # ← ')}\n\`\`\``);
  if (right !== undefined) parts.push('## Right', `\`\`\`yaml\n${right}\n\`\`\``);
  return `${parts.join('\n\n')}\n`;
}

/** `SshKey` → `ssh-key.md`. */
function kindPageName(kind) {
  return `${kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`;
}

function kindList({ kinds }) {
  const rows = Object.entries(kinds).map(
    ([kind, { description }]) => `| [${kind}](${kindPageName(kind)}) | ${description} |`,
  );
  return `# Kinds\n\n${REPEATED}\n\n| kind | is |\n| --- | --- |\n${rows.join('\n')}\n`;
}

/** Each rule's page has its parameters. */
const RULES_OF_POLICY = 'spec.rules.';

function policedRuleList() {
  const rows = policedRules()
    .filter(({ parameters }) => parameters !== undefined)
    .map(({ id, title, parameters }) => {
      const names = Object.keys(parameters.properties).map(code).join(', ');
      return `| [${id}](../rules/${id}.md) | ${title} | ${names} |`;
    });
  return `## Rules with parameters\n\nEach of them, and every other rule, takes \`severity\`, \`overridable\` and \`waivable\` besides.\n\n| rule | finds | parameters |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

function kindPage(kind, schema, backendTypes) {
  const fields = fieldsOf(schema, schema).filter(({ name }) => !name.startsWith(RULES_OF_POLICY));
  const parts = [`# ${kind}`, schema.description, fieldTable(schema, fields)];
  if (kind === 'Policy') parts.push(policedRuleList());
  if (kind !== 'Backend') return `${parts.join('\n\n')}\n`;
  const shared = new Set(fieldsOf(schema, schema).map(({ name }) => name));
  for (const [type, { title, description, roles, schema: typed }] of Object.entries(backendTypes)) {
    parts.push(`## Type \`${type}\`: ${title}`, description, `Roles: ${roles.join(', ')}.`);
    parts.push(
      fieldTable(
        typed,
        fieldsOf(typed, typed).filter(({ name }) => !shared.has(name)),
      ),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function resolve(root, schema) {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...beside } = schema;
  return resolve(root, { ...root.definitions[$ref.replace('#/definitions/', '')], ...beside });
}

/** Every field with its full path, parents before children. */
function fieldsOf(root, schema, prefix = '') {
  const resolved = resolve(root, schema);
  return Object.entries(resolved.properties ?? {}).flatMap(([name, value]) => {
    const field = resolve(root, value);
    const full = prefix === '' ? name : `${prefix}.${name}`;
    const isList = field.type === 'array' && field.items !== undefined;
    const inner = isList ? fieldsOf(root, field.items, `${full}[]`) : fieldsOf(root, field, full);
    return [{ name: full, field, required: requiredOf(resolved, name) }, ...inner];
  });
}

/** What the cell of the table says. */
function requiredOf({ required = [], else: otherwise }, name) {
  if (required.includes(name)) return 'yes';
  return otherwise?.required?.includes(name) ? 'unless renewed elsewhere' : '';
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value) => `\`${cell(typeof value === 'string' ? value : JSON.stringify(value))}\``;

function fieldTable(root, fields) {
  const rows = fields.map(({ name, field, required }) => {
    const item = field.items === undefined ? undefined : resolve(root, field.items);
    const allowed = field.enum ?? item?.enum;
    const notes = [field.description ?? ''];
    if (allowed !== undefined) notes.push(`One of ${allowed.map(code).join(', ')}.`);
    if (field.default !== undefined) notes.push(`Default: ${code(field.default)}.`);
    if (field.examples?.[0] !== undefined) notes.push(`Example: ${code(field.examples[0])}.`);
    return `| \`${name}\` | ${typeName(root, field)} | ${required} | ${cell(notes.filter(Boolean).join(' '))} |`;
  });
  return `| field | type | required | |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function typeName(root, schema) {
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'values' : typeName(root, resolve(root, schema.items)).replace(/^map$/, 'maps')}`;
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeName(root, { ...schema, type })).join(' or ');
  return (
    { string: 'text', object: 'map', boolean: 'true or false', integer: 'number' }[schema.type] ??
    schema.type ??
    'value'
  );
}
