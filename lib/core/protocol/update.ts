/**
 * One conditional update of one item, as data. The stores translate it (DynamoDB: one UpdateItem); `applyUpdate` is its
 * meaning, and what the exhaustive checks run. Nothing in the protocol needs more than this.
 */
export type Update = { conditions: Condition[]; changes: Change[] };

export type Path = readonly [string, ...string[]];

export type Condition =
  | { kind: "absent"; path: Path }
  | { kind: "exists"; path: Path }
  | { kind: "equals"; path: Path; value: string | number | boolean }
  /** The number at the path is at most `value`. */
  | { kind: "at-most"; path: Path; value: number }
  /** The number set at the path lacks `value`, or is not there. */
  | { kind: "lacks"; path: Path; value: number };

export type Change =
  | { kind: "set"; path: Path; value: unknown }
  /** Adds to a number; one that is not there counts as 0. */
  | { kind: "add"; path: Path; by: number }
  /** Takes the value that stood at `from` before this update. */
  | { kind: "copy"; path: Path; from: Path }
  /** Puts a number into a top-level number set. */
  | { kind: "insert"; path: readonly [string]; member: number }
  | { kind: "remove"; path: Path };

export type Item = { [key: string]: unknown };

/**
 * The item after the update, or undefined when a condition does not hold. The argument is left as it is, and what the
 * update does not touch is the same in both.
 */
export function applyUpdate(item: Item | undefined, update: Update): Item | undefined {
  if (!update.conditions.every((condition) => holds(item, condition))) return undefined;
  const before = item ?? {};
  const after: Item = { ...before };
  for (const change of update.changes) {
    switch (change.kind) {
      case "set":
        write(after, change.path, structuredClone(change.value));
        break;
      case "add":
        write(after, change.path, numberAt(before, change.path) + change.by);
        break;
      case "copy":
        write(after, change.path, read(before, change.from));
        break;
      case "insert":
        write(
          after,
          change.path,
          [...new Set([...membersAt(after, change.path), change.member])].sort((a, b) => a - b),
        );
        break;
      case "remove":
        write(after, change.path, undefined);
        break;
    }
  }
  return after;
}

function holds(item: Item | undefined, condition: Condition): boolean {
  const value = item === undefined ? undefined : read(item, condition.path);
  switch (condition.kind) {
    case "absent":
      return value === undefined;
    case "exists":
      return value !== undefined;
    case "equals":
      return value === condition.value;
    case "at-most":
      return typeof value === "number" && value <= condition.value;
    case "lacks":
      return item === undefined || !membersAt(item, condition.path).includes(condition.value);
  }
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function read(item: Item, path: Path): unknown {
  let value: unknown = item;
  for (const key of path) {
    if (!isItem(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** Writes into an item that is its caller's own; what is in it may be another's and is copied on the way. */
function write(item: Item, path: Path, value: unknown): void {
  const last = path[path.length - 1];
  let target = item;
  for (const key of path.slice(0, -1)) {
    const next = target[key];
    // DynamoDB refuses a document path whose parent is not there; so do we.
    if (!isItem(next)) throw new Error(`update: nothing stands at ${path.join(".")}`);
    const own = { ...next };
    target[key] = own;
    target = own;
  }
  if (last === undefined) return;
  if (value === undefined) delete target[last];
  else target[last] = value;
}

function numberAt(item: Item, path: Path): number {
  const value = read(item, path);
  return typeof value === "number" ? value : 0;
}

function membersAt(item: Item, path: Path): number[] {
  const value = read(item, path);
  return Array.isArray(value) ? value.filter((member) => typeof member === "number") : [];
}
