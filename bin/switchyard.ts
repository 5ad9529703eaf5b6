import { main } from "../lib/cli/main.ts";
import { processIo } from "../lib/cli/process-io.ts";

process.exitCode = await main(process.argv.slice(2), processIo());
