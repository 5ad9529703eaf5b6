import { beforeAll, describe, expect, it } from "vitest";
import { keyProofs } from "./key-proofs.ts";
import { networkProofs } from "./network-proofs.ts";
import { perimeterProofs } from "./perimeter-proofs.ts";
import { providerProofs } from "./provider-proofs.ts";
import { everyKindOfDeployment, examplePolicy, isolatedPolicy, synthesizeTemplates } from "./stacks.ts";
import { type SynthesizedStack, type World, worldOf } from "./world.ts";
import { zoneProofs } from "./zone-proofs.ts";

const proofs = [
  ...[...keyProofs, ...zoneProofs, ...providerProofs, ...perimeterProofs].map((proof) => ({
    ...proof,
    broken: "every",
  })),
  ...networkProofs.map((proof) => ({ ...proof, broken: "isolated" })),
];

describe("what the Security section of the design says", () => {
  const worlds: [string, World][] = [];
  const breakable = new Map<string, SynthesizedStack>();

  beforeAll(async () => {
    for (const [name, policy] of [
      ["example", await examplePolicy()],
      ["every", everyKindOfDeployment()],
      ["isolated", isolatedPolicy()],
    ] as const) {
      for (const stack of synthesizeTemplates(policy)) {
        worlds.push([`${name}, ${stack.region}`, worldOf(stack)]);
        if (stack.region === "us-east-1") breakable.set(name, stack);
      }
    }
  });

  it("is asked of a stack in each region of the example, of a policy with every kind of deployment, and of an isolated one", () => {
    expect(worlds.map(([name]) => name)).toEqual([
      "example, eu-central-1",
      "example, us-east-1",
      "every, eu-central-1",
      "every, us-east-1",
      "isolated, eu-central-1",
      "isolated, us-east-1",
    ]);
  });

  for (const { sentence, violations, breaks, broken } of proofs) {
    describe(sentence, () => {
      it("holds", () => {
        const found = worlds.flatMap(([name, world]) => violations(world).map((violation) => `${name}: ${violation}`));

        expect(found).toEqual([]);
      });

      it.each([...breaks])("fails when $how", ({ edit }) => {
        const stack = breakable.get(broken);
        if (stack === undefined) throw new Error(`There is no stack ${broken}.`);

        const found = violations(worldOf({ ...stack, template: edit(stack.template) }));

        expect(found).not.toEqual([]);
      });
    });
  }
});
