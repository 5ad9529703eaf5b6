import { expect, it } from "vitest";
import { createDecider } from "../../../lib/core/decide.ts";
import { createDetect } from "../../../lib/core/detect/detect-body.ts";
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

it.each([
  { what: "may be raised", options: {}, asked: 1 },
  { what: "is of the most sensitive class already", options: { dataClass: "financial" }, asked: 0 },
  { what: "was found to be of the most sensitive class", options: {}, local: true, asked: 0 },
  { what: "asks for a residency that excludes the region", options: { residency: "eu" }, asked: 0 },
  { what: "asks for a residency that has the region", options: { residency: "us" }, asked: 1 },
  { what: "asks for a class that there is not", options: { dataClass: "secret" }, asked: 0 },
  {
    what: "is of the most sensitive class, which is redacted",
    options: { dataClass: "financial" },
    redact: true,
    asked: 1,
  },
])("asks a service about a job that $what $asked times", async ({ options, local = false, redact = false, asked }) => {
  const text = redact
    ? configuration.replace("financial: { require", "financial: { redact: true, require")
    : configuration;
  const document = documentOf(`${text}detect: { raiseTo: { email: financial } }\n`);
  let calls = 0;
  const detect = createDetect({
    local: () => (local ? [{ type: "email", start: 0, end: 3, confidence: 1 }] : []),
    remote: async () => {
      calls += 1;
      return [];
    },
    minConfidence: 0.5,
    onError: () => {},
  });
  const router = createRouter({ document, decider: createDecider(document, "us-east-1") }, () => 0, detect);

  await router.route(jobOf(options), {});

  expect(calls).toBe(asked);
});
