/** The handlers in `lambdas/`; each is one file, one bundle, one kind of function. */
export const functionNames = ["plan", "classify", "invoke", "fallback", "collect", "sweep"] as const;
export type FunctionName = (typeof functionNames)[number];

/** One value for each function. */
export function byFunction<Value>(value: (name: FunctionName) => Value): Record<FunctionName, Value> {
  return {
    plan: value("plan"),
    classify: value("classify"),
    invoke: value("invoke"),
    fallback: value("fallback"),
    collect: value("collect"),
    sweep: value("sweep"),
  };
}
