// Makes what is published, from what `npm run build` made: the .vsix for every platform, the one for this platform with
// the native code that loads PKCS#11 modules (where `npm ci` could compile it), and the npm package of the engine.
//
//   npm run package                                into dist/
//   node scripts/package.mjs --out FOLDER          into another folder
//   node scripts/package.mjs --images-at https://… for the Marketplace: see marketplaceReadme
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles } from '@vscode/vsce';
import { noticesOfPackages } from './thirdParty.mjs';

const repository = path.resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: { out: { type: 'string', default: 'dist' }, 'images-at': { type: 'string' } },
});
const out = path.resolve(options.out);
const scratch = mkdtempSync(path.join(tmpdir(), 'idac-package-'));

/** As VS Code's Marketplace names this machine. */
const platform = `${musl() ? 'alpine' : process.platform}-${process.arch === 'arm' ? 'armhf' : process.arch}`;

if (!existsSync(path.join(repository, 'server/dist/idac.mjs')))
  throw new Error('Nothing is built yet: run `npm run build` first.');
mkdirSync(out, { recursive: true });
try {
  const made = [await vsix()];
  const native = nativePackage();
  if (native === undefined)
    console.log(
      `No package for ${platform}: pkcs11js is not compiled here (it wants a C++ compiler, make and Python).`,
    );
  else made.push(await vsix(native));
  made.push(npmPackage());
  for (const file of made)
    console.log(`${path.relative('', file)}  ${(statSync(file).size / 1e6).toFixed(2)} MB`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Without native code it runs everywhere, and all but PKCS#11 works. */
async function vsix(native) {
  const stage = mkdtempSync(path.join(scratch, 'vsix-'));
  for (const file of await listFiles({ cwd: repository, dependencies: false }))
    cpSync(path.join(repository, file), path.join(stage, file), { recursive: true });
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify(publishedManifest(), null, 2));
  writeMarketplaceReadme(stage);
  if (native !== undefined) {
    const into = path.join(stage, 'server/node_modules/pkcs11js');
    for (const file of ['package.json', 'index.js', 'build/Release/pkcs11.node'])
      cpSync(path.join(native, file), path.join(into, file));
    writeFileSync(path.join(into, 'THIRD-PARTY-NOTICES.txt'), noticesOfPackages([native]));
  }
  // Everything in the folder was chosen already.
  writeFileSync(path.join(stage, '.vscodeignore'), '# nothing\n');
  const { name, version } = publishedManifest();
  const packagePath = path.join(
    out,
    `${[name, ...(native === undefined ? [] : [platform]), version].join('-')}.vsix`,
  );
  await createVSIX({
    cwd: stage,
    packagePath,
    ...(native === undefined ? {} : { target: platform }),
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return packagePath;
}

/**
 * What VS Code reads of package.json, without what concerns this repository: also without `type`, for in a browser VS Code
 * refuses an extension that says it is made of modules, and what is shipped is not.
 */
function publishedManifest() {
  const {
    scripts,
    devDependencies,
    workspaces,
    allowScripts,
    private: _private,
    type: _type,
    ...manifest
  } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
  return manifest;
}

/**
 * The page of the extension. The Marketplace and VS Code show pictures from https alone, so for publication they are named
 * at the address where docs/ is served; otherwise they are in the package, where the page finds them.
 */
function writeMarketplaceReadme(stage) {
  const docs = path.join(repository, 'docs');
  const at = options['images-at']?.replace(/\/?$/, '/');
  const page = readFileSync(path.join(docs, 'marketplace.md'), 'utf8').replace(
    /(!\[[^\]]*\])\(([^):]+)\)/g,
    (_, alternative, file) => {
      if (at !== undefined) return `${alternative}(${new URL(file, at).href})`;
      cpSync(path.join(docs, file), path.join(stage, 'docs', file));
      return `${alternative}(docs/${file})`;
    },
  );
  writeFileSync(path.join(stage, 'README.md'), page);
}

/** The folder of pkcs11js, where it was compiled for this machine. */
function nativePackage() {
  try {
    const folder = path.dirname(
      createRequire(path.join(repository, 'server/package.json')).resolve('pkcs11js'),
    );
    return existsSync(path.join(folder, 'build/Release/pkcs11.node')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Packed by npm itself: what is in it is the `files` of server/package.json. */
function npmPackage() {
  const args = ['pack', '--workspace', 'server', '--pack-destination', out, '--json', '--ignore-scripts'];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: repository,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  const [{ filename }] = Object.values(JSON.parse(stdout));
  return path.join(out, filename);
}

/** Alpine's C library: what is compiled for it runs nowhere else, and the other way round. */
function musl() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
}
