const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Calls back when this process is about to end, by a signal or otherwise; returns a function that ends this.
 * Where nobody else listens to the signal, the process then ends by it, as it would have.
 */
export function onSignal(callback: () => void): () => void {
  const handlers = signals.map((signal) => {
    const handler = (): void => {
      callback();
      if (process.listenerCount(signal) > 1) return;
      forget();
      process.kill(process.pid, signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  process.on("exit", callback);

  function forget(): void {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    process.off("exit", callback);
  }
  return forget;
}
