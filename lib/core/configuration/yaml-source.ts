import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import { formatPath, type Path, type Problem } from "./problem.ts";

/** A YAML text that parsed: its value, and where in the text each part of it stands. */
export type YamlSource = {
  value: unknown;
  /** The problem at a path; where the path does not exist, at the nearest part of it that does. */
  problem(path: Path, message: string, offset?: number): Problem;
};

/** Parses a YAML document; duplicate keys and unfinished quotes are problems, as is anything but a map. */
export function readYaml(
  text: string,
  mustBeMap = "The configuration must be a map of keys, starting with `version: 1`.",
): { kind: "read"; source: YamlSource } | { kind: "invalid"; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (path: Path, message: string, offset: number): Problem => {
    const { line, col } = lines.linePos(offset);
    return { path: formatPath(path), line: Math.max(line, 1), column: Math.max(col, 1), message };
  };

  if (document.errors.length > 0)
    return {
      kind: "invalid",
      problems: document.errors.map(({ message, pos }) => at(pathAt(pos[0]), message, pos[0])),
    };
  if (!isMap(document.contents)) return { kind: "invalid", problems: [at([], mustBeMap, 0)] };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Aliases that expand without end, or name no anchor.
    const message = error instanceof Error ? error.message : "The document cannot be read.";
    return { kind: "invalid", problems: [at([], message, 0)] };
  }
  return {
    kind: "read",
    source: { value, problem: (path, message, offset) => at(path, message, locate(path, offset)) },
  };

  /** The keys under which a character of the text is. */
  function pathAt(offset: number): Path {
    let path: Path = [];
    visit(document, {
      Pair(_key, pair, ancestors) {
        const start = startOf(pair.key);
        const end = isNode(pair.value) ? pair.value.range?.[1] : undefined;
        if (start === undefined || offset < start || offset > (end ?? start)) return;
        const above = ancestors.flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []));
        path = isScalar(pair.key) ? [...above, String(pair.key.value)] : above;
      },
    });
    return path;
  }

  function locate(path: Path, offset: number | undefined): number {
    let node: unknown = document.contents;
    let start = 0;
    for (const part of path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
        if (pair === undefined) return start;
        start = startOf(pair.key) ?? start;
        node = pair.value;
      } else if (isSeq(node) && typeof part === "number") {
        node = node.items[part];
        start = startOf(node) ?? start;
      } else return start;
    }
    return (offset === undefined ? undefined : insideScalar(node, offset)) ?? start;
  }

  /** Where a character of a scalar's value is in the text, when the text has it letter by letter. */
  function insideScalar(node: unknown, offset: number): number | undefined {
    const start = startOf(node);
    if (!isScalar(node) || typeof node.value !== "string" || start === undefined) return undefined;
    const quoted = node.type === "QUOTE_SINGLE" || node.type === "QUOTE_DOUBLE" ? 1 : 0;
    const verbatim = text.startsWith(node.value, start + quoted);
    return verbatim ? start + quoted + offset : start;
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node.range?.[0] ?? undefined) : undefined;
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}
