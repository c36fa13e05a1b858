// `npm run l10n`: which texts of the extension wait for a translation, for each language that there is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { l10nBundle } from './generate/l10n.mjs';

const repository = path.resolve(import.meta.dirname, '..');
const read = (file) => {
  const full = path.join(repository, file);
  return existsSync(full) ? JSON.parse(readFileSync(full, 'utf8')) : {};
};

/** Two files a language: what package.json shows, and what the code does. `texts`: what there is to translate. */
export function translations() {
  const sources = [
    { texts: read('package.nls.json'), file: (language) => `package.nls.${language}.json` },
    {
      texts: l10nBundle(path.join(repository, 'client/src')),
      file: (language) => `l10n/bundle.l10n.${language}.json`,
    },
  ];
  const languages = readdirSync(repository).flatMap(
    (name) => /^package\.nls\.([\w-]+)\.json$/.exec(name)?.[1] ?? [],
  );
  return languages.flatMap((language) =>
    sources.map(({ texts, file }) => ({ file: file(language), texts, translated: read(file(language)) })),
  );
}

if (process.argv[1] === import.meta.filename) {
  for (const { file, texts, translated } of translations()) {
    const missing = Object.keys(texts).filter((key) => !(key in translated));
    console.log(`${file}: ${missing.length} of ${Object.keys(texts).length} wait for a translation`);
    for (const key of missing) console.log(`  ${JSON.stringify(key)}: ${JSON.stringify(texts[key])}`);
    for (const key of Object.keys(translated).filter((each) => !(each in texts)))
      console.log(`  not shown any more: ${JSON.stringify(key)}`);
  }
}
