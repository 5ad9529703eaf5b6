/** Runs work while there is room for what it holds; what needs more than all the room runs alone. */
export type Room = <Result>(needed: number, work: () => Promise<Result>) => Promise<Result>;

/** Makes room for so much, of whatever is held: bytes, for payloads. */
export function createRoom(size: number): Room {
  let held = 0;
  const waiting: (() => void)[] = [];
  return async (needed, work) => {
    while (held > 0 && held + needed > size) await new Promise<void>((wake) => waiting.push(wake));
    held += needed;
    try {
      return await work();
    } finally {
      held -= needed;
      for (const wake of waiting.splice(0)) wake();
    }
  };
}
