// Modules that are always loaded together go into one file, a tier. The bundler makes a chunk of those that the same programs
// and late imports share, and there are so many of these that a command would load a hundred small files before it begins: a
// seventh of the time of a short one. Programs and chunks import from tiers what they need of them.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * `tiers`: by name, the modules that each is there for; what they import statically, and what no tier before has, is in it,
 * too. Writes `<name>.mjs` into `options.outdir`, beside which all that imports them has to lie. Gives the plugin that leads the
 * imports of other bundles there. What a tier holds is ours, and imports nothing late.
 */
export async function buildTiers(tiers, options) {
  /** By absolute path. */
  const placed = new Map();
  const plugin = importsFromTiers(placed);
  for (const [name, entries] of Object.entries(tiers)) {
    const all = await modulesOf(
      entries.map((entry) => `server/src/${entry}.ts`),
      { ...options, plugins: [plugin] },
    );
    const modules = all.filter(({ file }) => !placed.has(file));
    const contents = modules.map(({ file, names }, index) => reExport(file, names, index)).join('\n');
    const stdin = { contents, resolveDir: '.', sourcefile: `${name}.ts`, loader: 'ts' };
    const outfile = `${options.outdir}/${name}.mjs`;
    await build({ ...options, stdin, outdir: undefined, outfile, plugins: [plugin] });
    for (const [index, module] of modules.entries())
      placed.set(module.file, { ...module, tier: name, index });
  }
  return plugin;
}

/** What each module is called in its tier: many export the same names. */
const alias = (name, index) => `${name}_${index}`;

const reExport = (file, names, index) =>
  `export {${names.map((name) => `${name} as ${alias(name, index)}`)}} from ${JSON.stringify(file)};`;

async function modulesOf(entries, options) {
  const { metafile } = await build({ ...options, write: false, entryPoints: entries });
  const inputs = Object.entries(metafile.inputs).filter(([file]) => file.endsWith('.ts'));
  const others = Object.keys(metafile.inputs).filter((file) => file.includes('node_modules'));
  if (others.length > 0) throw new Error(`a tier holds none of others' modules: ${others.join(', ')}`);
  const late = inputs.filter(([, { imports }]) => imports.some(({ kind }) => kind === 'dynamic-import'));
  if (late.length > 0) throw new Error(`late imports in a tier: ${late.map(([file]) => file).join(', ')}`);
  const files = inputs.map(([file]) => path.resolve(file));
  const { format, outdir, logLevel } = options;
  const each = await build({ format, outdir, logLevel, entryPoints: files, metafile: true, write: false });
  return Object.values(each.metafile.outputs)
    .map(({ entryPoint, exports }) => ({ file: path.resolve(entryPoint), names: exports }))
    .filter(({ names }) => names.length > 0);
}

/** Imports of what tiers have. As our modules write them; the others, and late ones, find a module that takes the names from there. */
const IMPORT = /^import \{([^}]*)\} from '(\.[^']*\.ts)';$/gm;

function importsFromTiers(placed) {
  const led = (file, text) =>
    text.replace(IMPORT, (whole, list, specifier) => {
      const module = placed.get(path.resolve(path.dirname(file), specifier));
      if (module === undefined) return whole;
      const wanted = list
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '' && !each.startsWith('type '))
        .map((each) => each.split(' as '));
      const names = wanted.map(([name, local = name]) => `${alias(name, module.index)} as ${local}`);
      // Lines stay where they are.
      return `import {${names}} from 'tier:${module.tier}';${whole.replace(/[^\n]/g, '')}`;
    });
  return {
    name: 'tiers',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^tier:/ }, ({ path: tier }) => ({
        path: `./${tier.slice('tier:'.length)}.mjs`,
        external: true,
        sideEffects: false,
      }));
      onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        if (placed.size === 0) return undefined;
        const module = placed.get(file);
        const contents =
          module === undefined
            ? led(file, await readFile(file, 'utf8'))
            : `export {${module.names.map((name) => `${alias(name, module.index)} as ${name}`)}} from 'tier:${module.tier}';`;
        return { contents, loader: 'ts' };
      });
    },
  };
}
