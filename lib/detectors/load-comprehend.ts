import type { Finding } from "../core/detect/finding.ts";
import type { ComprehendOptions } from "./comprehend.ts";

/** Amazon Comprehend's detector in a region. Its SDK is loaded here, so that who has none configured does not load it. */
export async function loadComprehend(
  region: string,
  options: Omit<ComprehendOptions, "client">,
): Promise<(text: string) => Promise<Finding[]>> {
  const { createComprehendClient, createComprehendDetector } = await import("./comprehend.ts");
  return createComprehendDetector({ ...options, client: createComprehendClient(region) });
}
