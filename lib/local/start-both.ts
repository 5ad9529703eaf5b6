/** Both, or neither: when one fails to start the other is closed. */
export async function startBoth<A extends { close(): Promise<void> }, B extends { close(): Promise<void> }>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const results = await Promise.allSettled([first, second]);
  for (const result of results) {
    if (result.status === "fulfilled") continue;
    await Promise.all(results.map((other) => (other.status === "fulfilled" ? other.value.close() : undefined)));
    throw result.reason;
  }
  return Promise.all([first, second]);
}
