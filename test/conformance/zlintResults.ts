/** What zlint itself says of its test certificates: a program of a few lines is built against its source and run. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type ZlintStatus = 'NA' | 'NE' | 'pass' | 'info' | 'warn' | 'error' | 'fatal';

export interface ZlintCertificate {
  readonly file: string;
  readonly der: Uint8Array;
  /** By the name of the lint. */
  readonly results: Readonly<Record<string, ZlintStatus>>;
}

const RESULTS = `package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"

	"github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
)

func main() {
	files, _ := filepath.Glob(filepath.Join(os.Args[1], "*"))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		block, _ := pem.Decode(text)
		if block == nil {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			continue
		}
		results := map[string]string{}
		for name, result := range zlint.LintCertificate(certificate).Results {
			results[name] = result.Status.String()
		}
		line, _ := json.Marshal(map[string]any{"file": filepath.Base(file), "der": base64.StdEncoding.EncodeToString(block.Bytes), "results": results})
		out.Write(append(line, '\\n'))
	}
}
`;

/** Builds \`main\` against the module in \`source\`, gives the program to \`use\`, and removes it. */
export function withZlint<T>(source: string, main: string, use: (program: string) => T): T {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zlint-'));
  try {
    const version =
      /go \d+\.\d+(?:\.\d+)?/.exec(readFileSync(path.join(source, 'go.mod'), 'utf8'))?.[0] ?? 'go 1.24';
    writeFileSync(path.join(folder, 'main.go'), main);
    writeFileSync(
      path.join(folder, 'go.mod'),
      `module results\n\n${version}\n\nrequire github.com/zmap/zlint/v3 v3.0.0\n\nreplace github.com/zmap/zlint/v3 => ${source}\n`,
    );
    copyFileSync(path.join(source, 'go.sum'), path.join(folder, 'go.sum'));
    const program = path.join(folder, 'results');
    execFileSync('go', ['build', '-o', program, '.'], {
      cwd: folder,
      env: { ...process.env, GOFLAGS: '-mod=mod' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return use(program);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function zlintResults(source: string): readonly ZlintCertificate[] {
  const text = withZlint(source, RESULTS, (program) =>
    execFileSync(program, [path.join(source, 'testdata')], { maxBuffer: 2 ** 29, encoding: 'utf8' }),
  );
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { file, der, results } = JSON.parse(line) as {
        file: string;
        der: string;
        results: ZlintCertificate['results'];
      };
      return { file, der: Buffer.from(der, 'base64'), results };
    });
}
