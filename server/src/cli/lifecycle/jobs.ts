/** Runs `work` for 0 … `count` - 1, begun in this order and at most `jobs` at a time. */
export async function inJobs(count: number, jobs: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(jobs, count) }, one));
}
