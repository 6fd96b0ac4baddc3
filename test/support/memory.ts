// work → the memory that the process takes for it

/** The most memory beyond what it had that the process takes while it works, in bytes, looked at whenever it gives a turn. */
export async function mostMemory(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  let over = false;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
    if (!over) setImmediate(look);
  };
  look();
  await work();
  over = true;
  look();
  return most - before;
}
