/** How an action is done to many: several at the same time, and one identity's shares one after the other. */

/** Enough that a server is never waited for in vain, and few enough that it serves others too. */
export const DEFAULT_JOBS = 8;

/** Runs `work` for 0 … `count` - 1, begun in this order and at most `jobs` at a time. */
export async function inJobs(count: number, jobs: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(jobs, count) }, one));
}

/** The shares of several machines in one identity have one record: they come one after the other. */
export function oneIdentityEach<T>(
  subjects: readonly T[],
  identityOf: (subject: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const subject of subjects) {
    const key = identityOf(subject);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [subject]);
    else group.push(subject);
  }
  return [...groups.values()];
}
