import { describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import { directoryWith, fakeIo } from "../fake-io.ts";

const broken = "version: 1\nregions: [us-east-1]\ntears: {}\n";

describe("validate", () => {
  it("finds the example valid where the directory has no configuration of its own", async () => {
    const io = fakeIo({ cwd: await directoryWith({}) });

    const code = await main(["validate", "--json"], io);

    expect(code).toBe(0);
    expect(io.json()).toMatchObject({
      valid: true,
      problems: [],
      policyVersion: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(io.err()).toBe("");
  });

  it("shows people which deployments each class may use", async () => {
    const io = fakeIo({ cwd: await directoryWith({}) });

    expect(await main(["validate"], io)).toBe(0);

    expect(io.out()).toContain("is valid");
    expect(io.out()).toMatch(/financial.*restricted.*llama-onprem/);
  });

  it("lists problems with file and line, and exits with 2", async () => {
    const io = fakeIo({ cwd: await directoryWith({ "switchyard.yaml": broken }) });

    const code = await main(["validate"], io);

    expect(code).toBe(2);
    expect(io.out()).toBe("");
    expect(io.err()).toMatch(/^switchyard\.yaml:3 {2}.*tears/m);
  });

  it("gives the same problems as JSON", async () => {
    const io = fakeIo({ cwd: await directoryWith({ "switchyard.yaml": broken }) });

    const code = await main(["validate", "--json"], io);

    expect(code).toBe(2);
    expect(io.json()).toMatchObject({ valid: false, file: "switchyard.yaml" });
    expect(io.json()).toHaveProperty("problems", expect.arrayContaining([expect.objectContaining({ line: 3 })]));
  });
});
