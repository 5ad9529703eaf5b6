import * as z from "zod";
import type { Account } from "../iam/account.ts";
import { evaluate } from "../iam/evaluate.ts";
import { compilePolicy, type IamPolicy } from "../iam/iam-policy.ts";
import { type Call, requirementsOf } from "../iam/requirements.ts";
import { ignored, propertiesOf } from "../resources/properties.ts";
import type { ResolvedResource } from "../template/interpret.ts";

type Endpoint = { id: string; vpcId: string; serviceName: string; policy: IamPolicy };

/** The ways out of a stack's VPCs, as far as access depends on them: not their routes, addresses and security groups. */
export type Network = { vpcBySubnet: ReadonlyMap<string, string>; endpoints: readonly Endpoint[] };

const Subnet = z.looseObject({ VpcId: z.string() });
const VpcEndpoint = z.strictObject({
  VpcId: z.string(),
  ServiceName: z.string(),
  PolicyDocument: z.record(z.string(), z.unknown()).optional(),
  VpcEndpointType: z.enum(["Gateway", "Interface"]).default("Gateway"),
  PrivateDnsEnabled: ignored,
  RouteTableIds: ignored,
  SecurityGroupIds: ignored,
  SubnetIds: ignored,
  Tags: ignored,
});

/** What an endpoint is given that says nothing of its policy. */
const everything = { Statement: { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" } };

/** Reads the subnets and endpoints off a stack's resolved resources. */
export function readNetwork(resources: readonly ResolvedResource[]): Network {
  const ofType = (wanted: string): ResolvedResource[] => resources.filter(({ type }) => type === wanted);
  return {
    vpcBySubnet: new Map(
      ofType("AWS::EC2::Subnet").map((subnet) => [subnet.reference, propertiesOf(subnet, Subnet).VpcId]),
    ),
    endpoints: ofType("AWS::EC2::VPCEndpoint").map((resource) => {
      const { VpcId, ServiceName, PolicyDocument = everything } = propertiesOf(resource, VpcEndpoint);
      const policy = compilePolicy(PolicyDocument, { name: resource.logicalId, kind: "resource" });
      return { id: resource.reference, vpcId: VpcId, serviceName: ServiceName, policy };
    }),
  };
}

export type Way =
  /** Condition keys that the call has for coming this way. */
  { kind: "open"; context: Record<string, string> } | { kind: "closed"; reason: string; why: string };

/** Where the last part of an endpoint's service name is not IAM's prefix of the actions. */
const endpointNames: Record<string, string> = { bedrock: "bedrock-runtime" };

/**
 * How a function's call gets to its service: from outside a VPC straight; from inside through the endpoint of the service
 * in this region, if there is one and its policy lets the call through.
 * Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies".
 */
export function wayOf(
  caller: { roleArn: string; subnetIds: readonly string[] },
  call: Call,
  { account, network }: { account: Account; network: Network },
): Way {
  const vpcId = caller.subnetIds.map((subnet) => network.vpcBySubnet.get(subnet) ?? subnet)[0];
  if (vpcId === undefined) return { kind: "open", context: {} };
  const { action, resource } = call;
  const [prefix = ""] = action.split(":");
  const region = resource.split(":")[3] || account.region;
  const serviceName = `com.amazonaws.${region}.${endpointNames[prefix] ?? prefix}`;
  const endpoint = network.endpoints.find((each) => each.vpcId === vpcId && each.serviceName === serviceName);
  if (endpoint === undefined) {
    const why = `it runs in a VPC that has no endpoint for ${serviceName}`;
    return { kind: "closed", reason: `because ${why}: on AWS the call would time out`, why };
  }
  const context = { "aws:SourceVpce": endpoint.id, "aws:SourceVpc": vpcId };
  const [asked] = requirementsOf(call, account);
  const verdict = evaluate(
    {
      action,
      resource,
      context: { ...asked?.context, ...context },
      principal: { arn: caller.roleArn, account: account.id },
    },
    { identity: [], resource: endpoint.policy },
  );
  if (verdict.kind === "allowed") return { kind: "open", context };
  return {
    kind: "closed",
    reason: `because no VPC endpoint policy allows the ${action} action`,
    why: `the policy of the endpoint ${endpoint.policy.name} does not let it through`,
  };
}
