/** Makes an estate in a folder: `npx tsx test/bench/makeEstate.ts --out FOLDER`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeEstate } from './estate.ts';

const { values } = parseArgs({
  options: {
    identities: { type: 'string', default: '10000' },
    'per-file': { type: 'string', default: '10' },
    issued: { type: 'string', default: '30' },
    out: { type: 'string' },
  },
});
if (values.out === undefined) throw new Error('--out names the folder to make');
const { files, events } = await writeEstate({
  folder: path.resolve(values.out),
  identities: Number(values.identities),
  perFile: Number(values['per-file']),
  issued: Number(values.issued),
});
console.log(`${values.identities} identities in ${files.length} files, ${events} events`);
