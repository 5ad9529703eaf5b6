/** Tells the person who waits what is being measured; standard output is for the report alone. */
export function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
