import { expect, it } from "vitest";
import { createDecider } from "../../../lib/core/decide.ts";
import { createRouter } from "../../../lib/core/work/router.ts";
import { configuration, documentOf, jobOf } from "../policy-fixture.ts";

it("decides nothing for a policy that has jobs looked through when nothing does", () => {
  const document = documentOf(`${configuration}detect: { raiseTo: { email: phi } }\n`);
  const compiled = { document, decider: createDecider(document, "us-east-1") };

  expect(() => createRouter(compiled, () => 0)).toThrow(/looked through/);
  expect(
    createRouter(
      compiled,
      () => 0,
      () => ({ kind: "failed" }),
    ).route(jobOf(), {}),
  ).toMatchObject({
    decision: { dataClass: "financial" },
    found: [],
  });
});
