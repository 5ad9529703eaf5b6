import { describe, expect, it } from "vitest";
import {
  afterDeploy,
  afterPublication,
  deployedOf,
  PolicyState,
  previousOf,
  publicationsOf,
} from "../../../lib/core/configuration/policy-state.ts";

const deploy = (version: string, generation: number, state?: PolicyState): PolicyState => {
  const after = afterDeploy(state, { version, generation, format: "f" }, generation);
  if (after === undefined) throw new Error("The deploy is not newer.");
  return after;
};
const publish = (version: string, state: PolicyState): PolicyState =>
  afterPublication(state, { version, how: "publish", atMs: 1 });

describe("the state of policies", () => {
  it("is a deploy's only if it is newer than the last one, whatever was published since", () => {
    const published = publish("b", deploy("a", 10));

    expect(afterDeploy(published, { version: "a", generation: 10 }, 11)).toBeUndefined();
    expect(afterDeploy(published, { version: "c", generation: 9 }, 11)).toBeUndefined();
    expect(deploy("c", 12, published)).toMatchObject({ version: "c", generation: 12, deployed: { version: "c" } });
  });

  it("knows through all publications what was deployed", () => {
    const state = publish("c", publish("b", deploy("a", 10)));

    expect(deployedOf(state)).toEqual({ version: "a", generation: 10, format: "f" });
    expect(state.generation).toBe(10);
  });

  it("keeps the last twenty publications, the current one last", () => {
    let state = deploy("v0", 1);
    for (let number = 1; number <= 30; number++) state = publish(`v${number}`, state);

    expect(publicationsOf(state)).toHaveLength(20);
    expect(publicationsOf(state).at(-1)?.version).toBe("v30");
    expect(state.serial).toBe(31);
  });

  it("names the version before, and of two that took turns the other", () => {
    const first = deploy("a", 1);
    const second = publish("b", first);

    expect([first, second, publish("a", second)].map(previousOf)).toEqual([undefined, "a", "b"]);
  });

  it("of a version without a history is a deploy of unknown time", () => {
    const state = PolicyState.parse({ version: "old", generation: 5 });

    expect(publicationsOf(state)).toEqual([{ version: "old", how: "deploy" }]);
    expect(deployedOf(state)).toEqual({ version: "old", generation: 5 });
    expect(publish("new", state)).toMatchObject({ deployed: { version: "old", generation: 5 }, serial: 1 });
  });

  it("believes a version without a history that deployed after one with it", () => {
    const state = { ...publish("b", deploy("a", 10)), version: "old", generation: 20 };

    expect(deployedOf(state)).toEqual({ version: "old", generation: 20 });
    expect(publicationsOf(state).map(({ version }) => version)).toEqual(["a", "b", "old"]);
    expect(previousOf(state)).toBe("b");
  });
});
