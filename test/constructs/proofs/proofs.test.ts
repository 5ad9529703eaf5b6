import { beforeAll, describe, expect, it } from "vitest";
import { keyProofs } from "./key-proofs.ts";
import { perimeterProofs } from "./perimeter-proofs.ts";
import { providerProofs } from "./provider-proofs.ts";
import { everyKindOfDeployment, examplePolicy, synthesizeTemplates } from "./stacks.ts";
import { type SynthesizedStack, type World, worldOf } from "./world.ts";
import { zoneProofs } from "./zone-proofs.ts";

const proofs = [...keyProofs, ...zoneProofs, ...providerProofs, ...perimeterProofs];

describe("what the Security section of the design says", () => {
  const worlds: [string, World][] = [];
  let breakable: SynthesizedStack;

  beforeAll(async () => {
    for (const [name, policy] of [
      ["the example", await examplePolicy()],
      ["every kind of deployment", everyKindOfDeployment()],
    ] as const) {
      for (const stack of synthesizeTemplates(policy)) {
        worlds.push([`${name}, ${stack.region}`, worldOf(stack)]);
        if (stack.region === "us-east-1") breakable = stack;
      }
    }
  });

  it("is asked of a stack in each region of the example and of a policy with every kind of deployment", () => {
    expect(worlds.map(([name]) => name)).toEqual([
      "the example, eu-central-1",
      "the example, us-east-1",
      "every kind of deployment, eu-central-1",
      "every kind of deployment, us-east-1",
    ]);
  });

  for (const { sentence, violations, breaks } of proofs) {
    describe(sentence, () => {
      it("holds", () => {
        const found = worlds.flatMap(([name, world]) => violations(world).map((violation) => `${name}: ${violation}`));

        expect(found).toEqual([]);
      });

      it.each([...breaks])("fails when $how", ({ edit }) => {
        const broken = worldOf({ ...breakable, template: edit(breakable.template) });

        expect(violations(broken)).not.toEqual([]);
      });
    });
  }
});
