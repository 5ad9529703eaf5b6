import type { CliCommand } from "./command.ts";
import { audit } from "./commands/audit.ts";
import { budgets } from "./commands/budgets.ts";
import { cancel } from "./commands/cancel.ts";
import { config } from "./commands/config.ts";
import { cooldowns } from "./commands/cooldowns.ts";
import { costs } from "./commands/costs.ts";
import { detect } from "./commands/detect.ts";
import { enqueue } from "./commands/enqueue.ts";
import { estimate } from "./commands/estimate.ts";
import { explain } from "./commands/explain.ts";
import { local } from "./commands/local.ts";
import { pause } from "./commands/pause.ts";
import { quarantine } from "./commands/quarantine.ts";
import { redrive } from "./commands/redrive.ts";
import { result } from "./commands/result.ts";
import { results } from "./commands/results.ts";
import { resume } from "./commands/resume.ts";
import { run } from "./commands/run.ts";
import { status } from "./commands/status.ts";
import { submit } from "./commands/submit.ts";
import { sweep } from "./commands/sweep.ts";
import { validate } from "./commands/validate.ts";
import { wait } from "./commands/wait.ts";

/** Every command, in the order that help lists them. What a command needs besides the parser, it loads when it runs. */
export const commands: readonly CliCommand[] = [
  run,
  local,
  submit,
  enqueue,
  status,
  wait,
  cancel,
  results,
  result,
  costs,
  budgets,
  validate,
  config,
  pause,
  resume,
  cooldowns,
  redrive,
  sweep,
  explain,
  estimate,
  detect,
  audit,
  quarantine,
];
