/** Calls on one server at the same time, where a list of them is to be made. */
const CALLS = 8;

/** As `Promise.all(items.map(work))`, with a few at a time; after a failure none is begun. */
export async function mapLimited<T, Made>(
  items: readonly T[],
  work: (item: T) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = new Array(items.length);
  const rest = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) {
      if (failed) return;
      try {
        made[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: CALLS }, worker));
  return made;
}
