/** What an isolated network needs to know of a region, which CloudFormation cannot look up. */
export type IsolatedRegion = {
  /** Ids of AWS's managed prefix lists: the addresses of these services in the region. */
  prefixLists: { s3: string; dynamodb: string };
  /** Ids of two availability zones, the same in every account; names such as `us-east-1a` are not. */
  zones: readonly [string, string];
};

/**
 * The regions that can have an isolated network. Lambda advises against `use1-az3`, and `usw1-az2` takes no new subnets.
 * Sources: `aws ec2 describe-managed-prefix-lists` and `aws ec2 describe-availability-zones` in each region; Lambda
 * Developer Guide, "Connecting inbound interface VPC endpoints for Lambda".
 */
export const isolatedRegions: Readonly<Record<string, IsolatedRegion>> = {
  "ap-northeast-1": region("pl-61a54008", "pl-78a54011", "apne1-az1", "apne1-az4"),
  "ap-northeast-2": region("pl-78a54011", "pl-48a54021", "apne2-az1", "apne2-az3"),
  "ap-south-1": region("pl-78a54011", "pl-66a7420f", "aps1-az1", "aps1-az2"),
  "ap-southeast-1": region("pl-6fa54006", "pl-67a5400e", "apse1-az1", "apse1-az2"),
  "ap-southeast-2": region("pl-6ca54005", "pl-62a5400b", "apse2-az1", "apse2-az2"),
  "ca-central-1": region("pl-7da54014", "pl-4ea54027", "cac1-az1", "cac1-az2"),
  "eu-central-1": region("pl-6ea54007", "pl-66a5400f", "euc1-az1", "euc1-az2"),
  "eu-north-1": region("pl-c3aa4faa", "pl-adae4bc4", "eun1-az1", "eun1-az2"),
  "eu-west-1": region("pl-6da54004", "pl-6fa54006", "euw1-az1", "euw1-az2"),
  "eu-west-2": region("pl-7ca54015", "pl-b3a742da", "euw2-az1", "euw2-az2"),
  "eu-west-3": region("pl-23ad484a", "pl-abb451c2", "euw3-az1", "euw3-az2"),
  "sa-east-1": region("pl-6aa54003", "pl-60a54009", "sae1-az1", "sae1-az3"),
  "us-east-1": region("pl-63a5400a", "pl-02cd2c6b", "use1-az1", "use1-az2"),
  "us-east-2": region("pl-7ba54012", "pl-4ca54025", "use2-az1", "use2-az2"),
  "us-west-1": region("pl-6ba54002", "pl-6ea54007", "usw1-az1", "usw1-az3"),
  "us-west-2": region("pl-68a54001", "pl-00a54069", "usw2-az1", "usw2-az2"),
};

function region(s3: string, dynamodb: string, ...zones: [string, string]): IsolatedRegion {
  return { prefixLists: { s3, dynamodb }, zones };
}
