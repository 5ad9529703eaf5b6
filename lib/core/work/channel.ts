/** Text handed from one producer to one consumer, at most so many characters ahead of it. */
export class Channel implements AsyncIterable<string> {
  #pieces: string[] = [];
  #size = 0;
  #ended = false;
  #error: unknown;
  #wakeConsumer: (() => void) | undefined;
  #wakeProducer: (() => void) | undefined;
  readonly #limit: number;

  constructor(limitCharacters: number) {
    this.#limit = limitCharacters;
  }

  /** Resolves when there is room for more. */
  async push(piece: string): Promise<void> {
    this.#pieces.push(piece);
    this.#size += piece.length;
    this.#wakeConsumer?.();
    while (this.#size >= this.#limit && this.#error === undefined)
      await new Promise<void>((wake) => (this.#wakeProducer = wake));
  }

  end(): void {
    this.#ended = true;
    this.#wakeConsumer?.();
  }

  /** Ends the stream for its consumer with an error; the producer is let go. */
  fail(error: unknown): void {
    this.#error = error ?? new Error("The channel failed.");
    this.#wakeConsumer?.();
    this.#wakeProducer?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#pieces.length > 0) {
        const text = this.#pieces.join("");
        this.#pieces = [];
        this.#size = 0;
        this.#wakeProducer?.();
        yield text;
      } else if (this.#ended) return;
      else await new Promise<void>((wake) => (this.#wakeConsumer = wake));
    }
  }
}
