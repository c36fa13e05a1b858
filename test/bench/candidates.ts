/** The two servers that are compared, and how each is spoken to. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
// @ts-expect-error: a build script, without types.
import { assembleSchemas } from '../../scripts/generate/schemas.mjs';
import { SERVER } from '../support/lspClient.ts';

export interface Candidate {
  readonly name: string;
  readonly args: readonly string[];
  /** It is asked for diagnostics; otherwise it publishes them. */
  readonly pulls: boolean;
  /** Answer to `workspace/configuration`, by section. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

const YAML_SERVER_VERSION = '1.25.0';

export function ours(): Candidate {
  return { name: 'idac', args: SERVER, pulls: true, configuration: {} };
}

/** Installed once, at a pinned version, into a folder beside the system's temporary files. */
export function yamlLanguageServer(): Candidate {
  const folder = path.join(tmpdir(), `idac-bench-yaml-language-server-${YAML_SERVER_VERSION}`);
  const program = path.join(folder, 'node_modules/yaml-language-server/bin/yaml-language-server');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(program)) {
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    const wanted = `yaml-language-server@${YAML_SERVER_VERSION}`;
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', wanted], { cwd: folder });
  }
  const schema = path.join(folder, 'identity.schema.json');
  writeFileSync(schema, JSON.stringify(joinedSchema()));
  return {
    name: `yaml-language-server ${YAML_SERVER_VERSION}`,
    args: [program, '--stdio'],
    pulls: false,
    configuration: {
      yaml: {
        schemas: { [pathToFileURL(schema).href]: ['*.identity.yaml'] },
        schemaStore: { enable: false },
        validate: true,
        hover: true,
        completion: true,
      },
    },
  };
}

/** Our own schemas as one, chosen by `kind` with if/then: what a person would give to a YAML server. */
function joinedSchema(): object {
  const definitions: Record<string, unknown> = {};
  const choices: object[] = [];
  for (const [kind, schema] of Object.entries(schemasByKind())) {
    const { $schema: _, $id: __, definitions: own, ...rest } = schema;
    definitions[kind] = renamed(rest, kind);
    for (const [name, each] of Object.entries(own ?? {}))
      definitions[`${kind}.${name}`] = renamed(each, kind);
    choices.push({
      if: { required: ['kind'], properties: { kind: { const: kind } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword.
      then: { $ref: `#/definitions/${kind}` },
    });
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    required: ['apiVersion', 'kind'],
    allOf: choices,
    definitions,
  };
}

type Schema = Readonly<Record<string, unknown>> & {
  readonly definitions?: Readonly<Record<string, unknown>>;
};

function schemasByKind(): Readonly<Record<string, Schema>> {
  const { kinds, backendTypes } = assembleSchemas();
  return { ...kinds, Backend: backendTypes['local']?.schema ?? kinds['Backend'] ?? {} };
}

function renamed(value: unknown, kind: string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, kind));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string'
        ? each.replace('#/definitions/', `#/definitions/${kind}.`)
        : renamed(each, kind),
    ]),
  );
}
