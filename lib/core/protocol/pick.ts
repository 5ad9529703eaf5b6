/** Which of a parent's jobs a child has, as a base64 bitmap: 200 jobs are 25 bytes. */
export function encodePick(indices: Iterable<number>, size: number): string {
  const bytes = new Uint8Array(Math.ceil(size / 8));
  for (const index of indices) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  return btoa(String.fromCharCode(...bytes));
}

/** The indices of a bitmap, ascending. */
export function decodePick(pick: string): number[] {
  const indices: number[] = [];
  const bytes = atob(pick);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) indices.push(at * 8 + bit);
  }
  return indices;
}
