#!/usr/bin/env node
// Plain JavaScript that an old Node can read: Switchyard is TypeScript, which Node 24 runs as it is. Under an older Node
// this hands over to the Node 24 that `npm ci` brought.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const main = resolve(checkout, "bin/switchyard.ts");
const own = ["node", "node.exe"]
  .map((name) => resolve(checkout, "node_modules/node/bin", name))
  .find((path) => existsSync(path));
const isNewEnough = Number(process.versions.node.split(".")[0]) >= 24;

if (!existsSync(resolve(checkout, "node_modules"))) {
  refuse(`Switchyard's packages are not installed. Run "npm ci" in ${checkout} first.`);
} else if (isNewEnough) {
  await import("./switchyard.ts");
} else if (own !== undefined && own !== process.execPath) {
  handOver(own);
} else {
  refuse(
    `Switchyard needs Node 24 and this is Node ${process.versions.node}. ` +
      `Run "npm ci" in ${checkout}, which brings one, or install Node 24 and run this again.`,
  );
}

function refuse(sentence) {
  console.error(sentence);
  process.exitCode = 2;
}

/** Runs the same command under another Node; signals go to it, its exit code or signal comes back. */
function handOver(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on("error", (error) => refuse(`Switchyard could not start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    for (const name of signals) process.off(name, forward);
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}
