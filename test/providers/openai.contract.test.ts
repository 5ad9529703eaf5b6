import { ChatBody, textOf } from "../../lib/core/chat.ts";
import { providerContract } from "./contract.ts";
import { compatibleDeployment, openaiDeployment } from "./deployments.ts";

function read(body: unknown) {
  const { messages, temperature, max_tokens, stop } = ChatBody.parse(body);
  return {
    system: messages.filter(({ role }) => role === "system").map(textOf),
    turns: messages
      .filter(({ role }) => role !== "system")
      .map((message) => ({ role: message.role, text: textOf(message) })),
    temperature,
    maxTokens: max_tokens,
    stop,
  };
}

providerContract(openaiDeployment, read);
providerContract(compatibleDeployment, read);
