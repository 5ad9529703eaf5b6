/** One thing wrong with a configuration: where it is and what to do about it. */
export type Problem = {
  /** `deployments.gpt-mini.secret`, `tiers.capable.chain[2]`; empty for the file as a whole. */
  path: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column?: number;
  message: string;
};

/** A place in the configuration: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** Takes a fault at a path; `offset` is the character inside the scalar there, where the fault is in an expression. */
export type Report = (path: Path, message: string, offset?: number) => void;

export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
