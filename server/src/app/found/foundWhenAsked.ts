import type { Found } from './foundApi.ts';
import type { FoundOptions } from './openFound.ts';

/** What reads credentials and judges them is large, and most who open a project never ask what else lies in it. */
export function foundWhenAsked(options: FoundOptions): Found {
  let loading: Promise<Found> | undefined;
  const found = (): Promise<Found> => {
    loading ??= import('./openFound.ts').then(({ openFound }) => openFound(options));
    return loading;
  };
  return {
    look: async (signal) => (await found()).look(signal),
    plan: async (request, signal) => (await found()).plan(request, signal),
    write: async (plan, signal) => (await found()).write(plan, signal),
    record: async (signal) => (await found()).record(signal),
  };
}
