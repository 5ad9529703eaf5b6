import { parseArgs } from "node:util";
import { explore } from "./explore.ts";
import { largerScopes, scopes } from "./scopes.ts";

const { values } = parseArgs({ options: { scope: { type: "string", default: "" } } });
const chosen = [...scopes, ...largerScopes].filter(({ name }) => name.includes(values.scope));
if (chosen.length === 0) {
  console.error('Use: npm run prove:protocol -- [--scope "a part of a scope\'s name"]');
  process.exit(2);
}

let states = 0;
const startedMs = performance.now();
for (const scope of chosen) {
  const scopeStartedMs = performance.now();
  const explored = await explore(scope);
  states += explored.states;
  const seconds = ((performance.now() - scopeStartedMs) / 1000).toFixed(1);
  const figures = [explored.states, explored.steps, explored.histories].map((figure) => String(figure).padStart(10));
  console.log(`${figures.join("")}${`${seconds} s`.padStart(10)}  ${scope.name}`);
  if (explored.violation === undefined) continue;
  console.error(`\n${explored.violation.message}\nThe way there:`);
  for (const step of explored.violation.trace) console.error(`  ${step}`);
  process.exit(1);
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
console.log(
  `\n${states} states of ${chosen.length} scopes in ${seconds} s (states, steps, local states, time). No violation.`,
);
