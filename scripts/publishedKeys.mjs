// Makes the list of keys whose private half is published, from files that hold them: node scripts/publishedKeys.mjs FOLDER
// Each folder in FOLDER is one source, with its name («owner+repository» for a repository); each private key in it that is not
// encrypted is noted by a hash of its public half and the file. In the folder RFC each file is named after its place, and public
// keys count, too. What is written holds no key.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tsImport } from 'tsx/esm/api';

const LIST = 'server/src/core/keys/weak/publishedKeys.ts';
const LARGEST = 8 * 1024 * 1024;
/** As short as no two keys have the same by chance: 120 bits, twenty signs of base64url. */
const HASH_OCTETS = 15;

const { openScanner } = await tsImport('../server/src/app/scan/openScanner.ts', import.meta.url);
const scanner = openScanner();
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/publishedKeys.mjs FOLDER');

function filesBelow(start) {
  return readdirSync(start, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(start, entry.name);
      if (entry.isDirectory()) return filesBelow(file);
      return entry.isFile() && statSync(file).size <= LARGEST ? [file] : [];
    });
}

function keysIn(file, source) {
  const { findings, keys } = scanner.scan(file, readFileSync(file));
  const open = findings.filter(({ finding }) => finding.rule === 'secret/private-key');
  return [...open, ...(source === 'RFC' ? keys : [])].flatMap(({ spkiSha256 }) => spkiSha256 ?? []);
}

const seen = new Set();
const lines = [];
// The first source that has a key is the one that is named: standards before those that quote them.
const sources = readdirSync(folder).sort(
  (a, b) => Number(b === 'RFC') - Number(a === 'RFC') || (a < b ? -1 : 1),
);
for (const source of sources) {
  for (const file of filesBelow(path.join(folder, source))) {
    const fresh = [...new Set(keysIn(file, source))].filter((each) => !seen.has(each));
    if (fresh.length === 0) continue;
    for (const each of fresh) seen.add(each);
    const hashes = fresh.map((each) =>
      Buffer.from(each, 'hex').subarray(0, HASH_OCTETS).toString('base64url'),
    );
    const within = path.relative(path.join(folder, source), file).replaceAll(path.sep, '/');
    const where = source === 'RFC' ? within : `${source.replace('+', '/')}: ${within}`;
    lines.push(`${where}\t${hashes.join('')}`);
  }
}
writeFileSync(
  LIST,
  `/**
 * Where the private halves of keys are published; made by scripts/publishedKeys.mjs out of the files that are named. A line is a
 * place, a tab, and of each key the first 120 bits of the SHA-256 of its SubjectPublicKeyInfo in base64url.
 */
export const PUBLISHED_KEYS = \`
${lines.join('\n')}
\`;
`,
);
console.log(`${seen.size} keys in ${lines.length} places`);
