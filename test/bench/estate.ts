/**
 * A large estate on disk, for measuring: `npx tsx test/bench/makeEstate.ts --identities 100000 --out DIR`. The folder must be new.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventFile, eventText } from '../../server/src/core/lifecycle/eventFile.ts';
import { BLOCK, declare, ESTATE_FILES, isIssued, machineFile, teamOf } from './estateManifests.ts';
import { openRecorder } from './estateRecords.ts';

export interface EstateOptions {
  readonly folder: string;
  readonly identities: number;
  /** Identities in one file. */
  readonly perFile: number;
  /** Of a hundred identities so many were issued: they have events. */
  readonly issued: number;
  /** Default: now. */
  readonly now?: Date;
}

export interface Estate {
  /** Of identities, relative, in the order of their numbers. */
  readonly files: readonly string[];
  readonly events: number;
}

/** So many blocks of identities name the machines of one file. */
const BLOCKS_PER_MACHINE_FILE = 25;
const FILES_PER_FOLDER = 100;

/** Writes manifests and records. The same options give the same manifests; keys and ids of events are made anew. */
export async function writeEstate(options: EstateOptions): Promise<Estate> {
  const { folder, identities, perFile, issued } = options;
  mkdirSync(path.join(folder, '.identity'), { recursive: true });
  const made = new Set<string>();
  const write = (file: string, text: string): void => {
    const below = path.dirname(file);
    if (!made.has(below)) mkdirSync(path.join(folder, below), { recursive: true });
    made.add(below);
    writeFileSync(path.join(folder, file), text);
  };
  for (const [file, text] of Object.entries(ESTATE_FILES)) write(file, text);
  for (let block = 0; block * BLOCK < identities; block += BLOCKS_PER_MACHINE_FILE)
    write(`machines/from-${block}.identity.yaml`, machineFile(block, BLOCKS_PER_MACHINE_FILE));

  const recorder = await openRecorder(options.now ?? new Date(), new Map(Object.entries(ESTATE_FILES)));
  const files: string[] = [];
  let events = 0;
  for (let first = 0; first < identities; first += perFile) {
    const numbers = Array.from({ length: Math.min(perFile, identities - first) }, (_, each) => first + each);
    const folderNumber = Math.floor(files.length / FILES_PER_FOLDER);
    const file = `teams/${teamOf(first)}/area-${folderNumber}/services-${first}.identity.yaml`;
    const declared = numbers.map(declare);
    const text = declared.map((each) => each.text).join('---\n');
    write(file, text);
    files.push(file);
    const recorded = new Set(
      declared.filter((_, place) => isIssued(first + place, issued)).map(({ name }) => name),
    );
    if (recorded.size === 0) continue;
    for (const event of await recorder.eventsOf(file, text, (name) => recorded.has(name))) {
      write(eventFile(event), eventText(event));
      events += 1;
    }
  }
  return { files, events };
}
