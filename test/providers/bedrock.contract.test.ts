import * as z from "zod";
import { providerContract } from "./contract.ts";
import { bedrockDeployment } from "./deployments.ts";

const Text = z.strictObject({ text: z.string() });
const Sent = z.strictObject({
  system: z.array(Text).optional(),
  messages: z.array(z.strictObject({ role: z.string(), content: z.array(Text) })),
  inferenceConfig: z.record(z.string(), z.unknown()).optional(),
});

providerContract(bedrockDeployment, (body) => {
  const { system = [], messages, inferenceConfig = {} } = Sent.parse(body);
  return {
    system: system.map(({ text }) => text),
    turns: messages.map(({ role, content }) => ({ role, text: content.map(({ text }) => text).join("\n") })),
    temperature: inferenceConfig.temperature,
    maxTokens: inferenceConfig.maxTokens,
    stop: inferenceConfig.stopSequences,
  };
});
