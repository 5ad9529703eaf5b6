import type { ProviderDescriptor } from "../core/configuration/provider-descriptor.ts";

/** Amazon Bedrock's Converse. Text only: its converters know no tools, schemas or images. */
export const bedrock: ProviderDescriptor = {
  place: "region",
  needsSecret: false,
  supports: [],
  reservesOutput: true,
  priceProvider: "aws",
};
