/**
 * Runs work that must be over in `timeoutMs`; `undefined` when it is not. The signal tells the work to let go of its
 * connection, but the deadline holds even if it does not listen.
 */
export async function beforeDeadline<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const controller = new AbortController();
  const { promise: cut, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
    controller.abort();
  }, timeoutMs);
  try {
    return await Promise.race([work(controller.signal), cut]);
  } finally {
    clearTimeout(timer);
  }
}
