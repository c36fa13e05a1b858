// esbuild copies all names of an external CommonJS module once for each module that imports it. The editor's API has some
// two hundred, and each activation would copy them fifty times: here one module hands on those that the sources use.

import { readdirSync, readFileSync } from 'node:fs';

export function vscodeOnce(sources) {
  return {
    name: 'vscode once',
    setup(build) {
      build.onResolve({ filter: /^vscode$/ }, ({ kind }) =>
        kind === 'import-statement'
          ? { path: 'vscode', namespace: 'vscode-once' }
          : { path: 'vscode', external: true },
      );
      build.onLoad({ filter: /.*/, namespace: 'vscode-once' }, () => ({ contents: handedOn(sources) }));
    },
  };
}

function handedOn(sources) {
  const used = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(`${sources}/${file}`, 'utf8').matchAll(/\bvscode\.(\w+)/g)])
    .map(([, name]) => name);
  const lines = [...new Set(used)].sort().map((name) => `export const ${name} = vscode.${name};`);
  return ["const vscode = require('vscode');", ...lines].join('\n');
}
