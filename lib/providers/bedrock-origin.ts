/** The domain of each AWS partition but the commercial one, by how the names of its regions begin. */
const domains: readonly (readonly [prefix: string, domain: string])[] = [
  ["cn-", "amazonaws.com.cn"],
  ["us-iso-", "c2s.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
];

/**
 * Where Bedrock's models are called in a region, whatever the environment says of endpoints. A VPC's interface endpoint
 * answers under this name by its private DNS.
 * Sources: AWS General Reference, "Amazon Bedrock endpoints and quotas"; the partitions file of the AWS SDKs.
 */
export function bedrockOrigin(region: string): string {
  const [, domain] = domains.find(([prefix]) => region.startsWith(prefix)) ?? ["", "amazonaws.com"];
  return `https://bedrock-runtime.${region}.${domain}`;
}
