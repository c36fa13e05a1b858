import { openOutside } from './askOutside.ts';
import { openSources, type StatusSources } from './sources.ts';
import { openStatusCache } from './statusCache.ts';

export interface OutsideOptions {
  /** `HOST` or `HOST:PORT` that may be asked although they stand in a network of their own. */
  readonly hosts: readonly string[];
  /** What earlier runs kept does not count. */
  readonly refresh: boolean;
  /** Where that is kept; left out: this user's state folder. */
  readonly stateHome?: string;
}

/** For one run of a command. */
export function openOutsideSources({ hosts, refresh, stateHome }: OutsideOptions, now: Date): StatusSources {
  return openSources({ outside: openOutside({ hosts }), cache: openStatusCache(stateHome), now, refresh });
}
