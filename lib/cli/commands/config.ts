import type { CliCommand } from "../command.ts";
import { configDiff } from "./config/diff.ts";
import { configList } from "./config/list.ts";
import { configPublish } from "./config/publish.ts";
import { configRollback } from "./config/rollback.ts";

/** `config publish|list|diff|rollback`: the configuration of a stack that runs. */
export const config: CliCommand = ({ program, ...rest }) => {
  const group = program
    .command("config")
    .description("publish a configuration without deploying, see what is current, and go back");
  for (const add of [configPublish, configList, configDiff, configRollback]) add({ program: group, ...rest });
};
