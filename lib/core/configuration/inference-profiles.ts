/**
 * Bedrock's geographic inference profiles: the prefix of the model's id → the region that is called → every region that
 * the call may be processed in. Where models differ, the union: too wide a set is refused by a residency too often,
 * never too seldom.
 * Source: Amazon Bedrock User Guide, "Supported Regions and models for inference profiles", and the models' cards.
 */
export const inferenceProfiles: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  us: {
    ...from(["us-east-1", "us-east-2", "us-west-2"], ["us-east-1", "us-east-2", "us-west-2"]),
    "us-west-1": ["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
    "ca-central-1": ["ca-central-1", "us-east-1", "us-east-2", "us-west-2"],
  },
  "us-gov": from(["us-gov-east-1", "us-gov-west-1"], ["us-gov-east-1", "us-gov-west-1"]),
  ca: from(["ca-central-1", "ca-west-1"], ["ca-central-1", "ca-west-1"]),
  eu: {
    ...from(eu(), eu()),
    // Calls from London, Zurich and Tel Aviv may also be processed there.
    "eu-west-2": [...eu(), "eu-west-2"],
    "eu-central-2": [...eu(), "eu-central-2"],
    "il-central-1": [...eu(), "il-central-1"],
  },
  apac: {
    ...from(apac(), apac()),
    "ap-east-2": [...apac(), "ap-east-2"],
    "ap-southeast-3": [...apac(), "ap-southeast-3"],
    "ap-southeast-5": [...apac(), "ap-southeast-5"],
    "ap-southeast-7": [...apac(), "ap-southeast-7"],
    "me-central-1": [...apac(), "me-central-1"],
  },
  jp: from(["ap-northeast-1", "ap-northeast-3"], ["ap-northeast-1", "ap-northeast-3"]),
  au: {
    ...from(["ap-southeast-2", "ap-southeast-4"], ["ap-southeast-2", "ap-southeast-4"]),
    "ap-southeast-6": ["ap-southeast-2", "ap-southeast-4", "ap-southeast-6"],
  },
};

/** The first part of the ids of models that are called in their own region. */
export const bedrockVendors: readonly string[] = [
  "ai21",
  "amazon",
  "anthropic",
  "cohere",
  "deepseek",
  "google",
  "meta",
  "minimax",
  "mistral",
  "moonshot",
  "moonshotai",
  "nvidia",
  "openai",
  "qwen",
  "writer",
  "zai",
];

function eu(): string[] {
  return ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"];
}

function apac(): string[] {
  return [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-4",
  ];
}

function from(sources: readonly string[], destinations: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(sources.map((source) => [source, destinations]));
}
