import { appendFileSync, statSync } from "node:fs";
import { runClock } from "./clock.ts";
import { type FunctionSetting, functionSettingVariable } from "./function-setting.ts";
import { skewMsOf } from "./skew.ts";

// Runs in a function's process before its handler is loaded. The bundle knows nothing of it. It imports little, because
// every start of a process pays for it.

const setting: FunctionSetting = JSON.parse(process.env[functionSettingVariable] ?? "");
delete process.env[functionSettingVariable];

// The n-th process of a function is the n-th byte of its file: the seed says how far off the n-th clock is.
appendFileSync(setting.countFile, ".");
const { seed, startMs, speed, role, mostSkewMs, worldDelaysMs } = setting;
const number = statSync(setting.countFile).size;
runClock({ startMs, speed, skewMs: skewMsOf({ seed, role, number, mostSkewMs }), worldDelaysMs });

// Whose calls they are: of AWS in the user agent, of providers in the path.
process.env.AWS_SDK_UA_APP_ID = `${role}-${process.pid}`;
const endpoints: Record<string, string> = JSON.parse(process.env.SWITCHYARD_PROVIDER_ENDPOINTS ?? "{}");
process.env.SWITCHYARD_PROVIDER_ENDPOINTS = JSON.stringify(
  Object.fromEntries(
    Object.entries(endpoints).map(([deployment, text]) => {
      const url = new URL(text);
      return [deployment, `${url.origin}/from/${process.pid}${url.pathname}`];
    }),
  ),
);
