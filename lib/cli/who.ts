import type { Io } from "./io.ts";

/** The user as the operating system calls them: what others read beside a change, not a proof of who made it. */
export function whoAsks({ env }: Pick<Io, "env">): string | undefined {
  const name = env.USER ?? env.USERNAME ?? env.LOGNAME;
  return name === undefined || name === "" ? undefined : name.slice(0, 60);
}
