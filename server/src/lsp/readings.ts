/** Files of credentials that are looked at now, kept so that further parts of a long one need not be decoded again. */
import { randomUUID } from 'node:crypto';
import type { Reading } from '../app/inspect/reading.ts';

export interface Readings {
  /** Gives the name by which it is asked for. */
  keep(reading: Reading): string;
  /** Undefined: it was given up for others. Whoever asks reads the file again. */
  get(name: string): Reading | undefined;
}

/** A person has few of them open; each may hold a revocation list of some megabytes. */
const MOST = 8;

export function openReadings(): Readings {
  const kept = new Map<string, Reading>();
  return {
    keep(reading) {
      const name = randomUUID();
      kept.set(name, reading);
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST) break;
        kept.delete(oldest);
      }
      return name;
    },
    get(name) {
      const reading = kept.get(name);
      if (reading === undefined) return undefined;
      // The one that was used last goes last.
      kept.delete(name);
      kept.set(name, reading);
      return reading;
    },
  };
}
