/** The examples that other scanners ship to test their own rules, one a file, with what their authors say of each. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import type { CleanFile, Label, Labels } from './corpus.ts';
import { GITLEAKS, RIPSECRETS } from './peers.ts';

const KINGFISHER_RULES = '3.0.1';

interface Example {
  readonly source: string;
  readonly text: string;
  readonly isSecret: boolean;
}

/** Writes each to a file of its own below `folder`. What cannot be had is named in `missing`. */
export function writeExamples(folder: string): {
  readonly labels: Labels;
  readonly missing: readonly string[];
} {
  const missing: string[] = [];
  const examples = [fromGitleaks, fromCrates].flatMap((from) => {
    try {
      return from();
    } catch (error) {
      missing.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  const secrets: Label[] = [];
  const clean: CleanFile[] = [];
  for (const [number, { source, text, isSecret }] of examples.entries()) {
    // A name that says nothing: scanners go by names, too.
    const file = `${source}/${isSecret ? 'a' : 'b'}${number}/settings.conf`;
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${text}\n`);
    const of = { file, family: source, kind: String(number) };
    if (isSecret)
      secrets.push({
        ...of,
        startLine: 1,
        startColumn: 1,
        endLine: text.split('\n').length,
        endColumn: 1,
        digest: '',
      });
    else clean.push(of);
  }
  return { labels: { seed: 'examples', secrets, clean }, missing };
}

function run(argv: readonly string[], cwd: string): string {
  const [program = '', ...rest] = argv;
  const ran = spawnSync(program, rest, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.error !== undefined) throw new Error(`${program} cannot be started: ${ran.error.message}`);
  if (ran.status !== 0)
    throw new Error(`${argv.join(' ')} ended with ${ran.status}: ${ran.stderr.trim().split('\n').at(-1)}`);
  return ran.stdout;
}

function inScratch<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'idac-bench-examples-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its rules are Go functions that end by being tested: there they are asked to print what they would be tested with. */
function fromGitleaks(): readonly Example[] {
  return inScratch((folder) => {
    const module = 'github.com/zricethezav/gitleaks/v8';
    const { Dir: source } = JSON.parse(
      run(['go', 'mod', 'download', '-json', `${module}@v${GITLEAKS}`], folder),
    ) as { Dir: string };
    const copy = path.join(folder, 'gitleaks');
    cpSync(source, copy, { recursive: true });
    const utils = path.join(copy, 'cmd/generate/config/utils');
    // The module cache is read-only.
    for (const place of [utils, path.join(utils, 'validate.go')]) chmodSync(place, 0o755);
    writeFileSync(path.join(utils, 'validate.go'), PRINTING);
    const printed = run(['go', 'run', '.', '/dev/null'], path.join(copy, 'cmd/generate/config'));
    return printed
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => ({ source: 'gitleaks', ...(JSON.parse(line) as Omit<Example, 'source'>) }));
  });
}

const PRINTING = `package utils

import (
	"encoding/json"
	"fmt"

	"github.com/zricethezav/gitleaks/v8/config"
)

func tell(text string, isSecret bool) {
	line, _ := json.Marshal(map[string]any{"text": text, "isSecret": isSecret})
	fmt.Println(string(line))
}

func Validate(rule config.Rule, truePositives []string, falsePositives []string) *config.Rule {
	for _, each := range truePositives {
		tell(each, true)
	}
	for _, each := range falsePositives {
		tell(each, false)
	}
	return &rule
}

func ValidateWithPaths(rule config.Rule, _ map[string]string, _ map[string]string) *config.Rule {
	return &rule
}
`;

function fromCrates(): readonly Example[] {
  return inScratch((folder) => {
    writeFileSync(
      path.join(folder, 'Cargo.toml'),
      `[package]
name = "examples"
version = "0.0.0"
edition = "2021"
[lib]
path = "lib.rs"
[dependencies]
kingfisher-rules = "=${KINGFISHER_RULES}"
ripsecrets = "=${RIPSECRETS}"
`,
    );
    writeFileSync(path.join(folder, 'lib.rs'), '');
    const { packages } = JSON.parse(
      run(['cargo', 'metadata', '--format-version', '1', '--quiet'], folder),
    ) as { packages: { name: string; manifest_path: string }[] };
    const folderOf = (name: string): string => {
      const found = packages.find((each) => each.name === name);
      if (found === undefined) throw new Error(`${name} was not fetched`);
      return path.dirname(found.manifest_path);
    };
    return [...fromRipsecrets(folderOf('ripsecrets')), ...fromKingfisher(folderOf('kingfisher-rules'))];
  });
}

function fromRipsecrets(crate: string): readonly Example[] {
  const source = 'ripsecrets';
  const read = (file: string): string => readFileSync(path.join(crate, 'test', file), 'utf8').trimEnd();
  const files = (name: string): readonly string[] =>
    readdirSync(path.join(crate, 'test', name)).map((file) => read(`${name}/${file}`));
  const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');
  return [
    ...files('one_per_file').map((text) => ({ source, text, isSecret: true })),
    ...files('one_per_line')
      .flatMap(lines)
      .map((text) => ({ source, text, isSecret: true })),
    ...lines(read('none')).map((text) => ({ source, text, isSecret: false })),
  ];
}

function fromKingfisher(crate: string): readonly Example[] {
  type Rule = { readonly examples?: readonly string[]; readonly negative_examples?: readonly string[] };
  const text = readFileSync(path.join(crate, 'generated/rules/kingfisher.yml'), 'utf8');
  const { rules } = parse(text) as { readonly rules: readonly Rule[] };
  const source = 'kingfisher';
  return rules.flatMap(({ examples = [], negative_examples: others = [] }) => [
    ...examples.map((each) => ({ source, text: each, isSecret: true })),
    ...others.map((each) => ({ source, text: each, isSecret: false })),
  ]);
}
