/** Questions come in bursts: one is asked at a time, and one more for whatever came meanwhile. */
export function latest(ask: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let underWay = false;
  let again = false;
  const run = async (): Promise<void> => {
    underWay = true;
    do {
      again = false;
      try {
        await ask();
      } catch (error) {
        failed(error);
      }
    } while (again);
    underWay = false;
  };
  return () => {
    if (underWay) again = true;
    else void run();
  };
}
