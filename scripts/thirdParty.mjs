// Whose work is inside a bundle, under which licence: read from what esbuild put into it, so that nothing is forgotten.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Licences that may be shipped in a program under the MIT licence. Anything else is looked at by a person first. */
const SHIPPABLE = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
]);

/** The text that goes with what these builds made. Throws where a licence is missing or not one of the known. */
export function noticesOf(builds) {
  const folders = new Set(
    builds
      .flatMap(({ metafile }) => Object.values(metafile.outputs))
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => packageFolder(file))
      .filter((folder) => folder !== undefined),
  );
  return noticesOfPackages([...folders]);
}

/** The same for packages that are shipped as they are. */
export function noticesOfPackages(folders) {
  const notices = folders.map(noticeOf);
  // One package may lie in two places.
  return [...new Set(notices)]
    .sort()
    .map((notice) => `${'-'.repeat(80)}\n${notice}`)
    .join('\n');
}

/** `node_modules/a/node_modules/@b/c/lib/d.js` → `node_modules/a/node_modules/@b/c` */
const packageFolder = (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

function noticeOf(folder) {
  const described = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  // Old packages have a list to choose from.
  const offered = [described.license ?? []].flat().map((each) => each.type ?? each);
  const licence = offered.find((each) => SHIPPABLE.has(each));
  if (licence === undefined)
    throw new Error(`${folder} has the licence ${offered.join(', ') || '(none)'}: may it be shipped?`);
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  // Some name their licence and do not send its text along.
  const { name, version, author = name } = described;
  const text = texts.join('\n\n') || `Copyright: ${author.name ?? author}. Licence: ${licence}.`;
  return `${name} ${version} (${licence})\n\n${text}\n`;
}
