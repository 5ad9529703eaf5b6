import { Stack } from "aws-cdk-lib";
import {
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSecurityGroupEgress,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
} from "aws-cdk-lib/aws-ec2";
import { PolicyDocument, type PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type IsolatedRegion, isolatedRegions } from "../core/configuration/isolated-regions.ts";
import { isIsolated } from "../core/isolation.ts";
import type { Lane } from "../core/lane.ts";
import { endpointPolicies } from "./endpoint-policies.ts";
import { keepFlowLogs } from "./flow-logs.ts";
import type { Foundation } from "./foundation.ts";

export type IsolatedNetworkProps = {
  /** The restricted zone's lanes, those outside too: the fallback inside sends to all of them. */
  lanes: readonly Lane[];
  foundation: Foundation;
};

/** What Lambda needs to know of where a function runs. */
export type NetworkPlace = { subnetIds: string[]; securityGroupIds: string[] };

type GatewayService = "s3" | "dynamodb";
type InterfaceService = "sqs" | "bedrock-runtime";

const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

/**
 * Two subnets that lead to the AWS services of the region which restricted functions call, and nowhere else: no internet
 * gateway, no NAT. Each endpoint lets through what these functions may ask for, for roles of the restricted zone only.
 * Logs, queue polling and KMS are not called from inside: Lambda, SQS and S3 do that themselves.
 */
export class IsolatedNetwork extends Construct {
  readonly place: NetworkPlace;
  /** Ids of the endpoints: everything that code inside calls comes through one of them. */
  readonly endpointIds: string[];

  private readonly vpc: CfnVPC;

  constructor(scope: Construct, id: string, { lanes, foundation }: IsolatedNetworkProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    const known = isolatedRegions[region];
    if (known === undefined) throw new Error(`It is not known how to build an isolated network in ${region}.`);
    const named = { tags: [{ key: "Name", value: "switchyard-restricted" }] };
    // Nothing is joined to it, so its addresses matter to nobody else.
    this.vpc = new CfnVPC(this, "Vpc", {
      cidrBlock: "10.0.0.0/24",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      ...named,
    });
    keepFlowLogs(this, "FlowLogs", { vpcId: this.vpc.ref, bucket: foundation.storage.accessLogs });

    const routes = new CfnRouteTable(this, "Routes", { vpcId: this.vpc.ref, ...named });
    const subnetIds = known.zones.map((availabilityZoneId, index) => {
      const cidrBlock = `10.0.0.${128 * index}/25`;
      const subnet = new CfnSubnet(this, `Subnet${index}`, {
        vpcId: this.vpc.ref,
        availabilityZoneId,
        cidrBlock,
        ...named,
      });
      new CfnSubnetRouteTableAssociation(this, `Routes${index}`, {
        subnetId: subnet.ref,
        routeTableId: routes.ref,
      });
      return subnet.ref;
    });

    const { functions, endpoints } = this.securityGroups(known);
    const inside = lanes.filter((lane) => isIsolated(lane, foundation.policy, region));
    const policies = endpointPolicies(this, { lanes, inside, foundation });
    const at = { subnetIds, securityGroupIds: [endpoints.attrGroupId] };
    this.endpointIds = [
      this.gateway("s3", routes, policies.s3),
      this.gateway("dynamodb", routes, policies.dynamodb),
      this.interface("sqs", at, policies.sqs),
      // The fallback calls no model.
      ...(inside.length === 0 ? [] : [this.interface("bedrock-runtime", at, policies.bedrock)]),
    ];
    this.place = { subnetIds, securityGroupIds: [functions.attrGroupId] };
  }

  private securityGroups({ prefixLists }: IsolatedRegion): Record<"functions" | "endpoints", CfnSecurityGroup> {
    const functions = new CfnSecurityGroup(this, "Functions", {
      groupDescription: "Switchyard: restricted functions, which reach the endpoints and nothing else",
      vpcId: this.vpc.ref,
      securityGroupEgress: Object.entries(prefixLists).map(([service, destinationPrefixListId]) => ({
        ...https,
        destinationPrefixListId,
        description: `${service} of this region`,
      })),
    });
    const endpoints = new CfnSecurityGroup(this, "Endpoints", {
      groupDescription: "Switchyard: endpoints, which restricted functions reach and nobody else",
      vpcId: this.vpc.ref,
      securityGroupIngress: [
        { ...https, sourceSecurityGroupId: functions.attrGroupId, description: "Restricted functions" },
      ],
      // Without a rule, EC2 adds one that allows everything. This one allows nothing that there is.
      securityGroupEgress: [
        { ipProtocol: "icmp", fromPort: 252, toPort: 86, cidrIp: "255.255.255.255/32", description: "Nothing" },
      ],
    });
    new CfnSecurityGroupEgress(this, "ToEndpoints", {
      ...https,
      groupId: functions.attrGroupId,
      destinationSecurityGroupId: endpoints.attrGroupId,
      description: "Interface endpoints",
    });
    return { functions, endpoints };
  }

  private gateway(service: GatewayService, routes: CfnRouteTable, statements: PolicyStatement[]): string {
    return this.endpoint(service, statements, { vpcEndpointType: "Gateway", routeTableIds: [routes.ref] });
  }

  private interface(service: InterfaceService, place: NetworkPlace, statements: PolicyStatement[]): string {
    const { subnetIds, securityGroupIds } = place;
    return this.endpoint(service, statements, {
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds,
      securityGroupIds,
    });
  }

  private endpoint(
    service: GatewayService | InterfaceService,
    statements: PolicyStatement[],
    kind: {
      vpcEndpointType: string;
      routeTableIds?: string[];
      privateDnsEnabled?: boolean;
      subnetIds?: string[];
      securityGroupIds?: string[];
    },
  ): string {
    return new CfnVPCEndpoint(this, service, {
      vpcId: this.vpc.ref,
      serviceName: `com.amazonaws.${Stack.of(this).region}.${service}`,
      policyDocument: new PolicyDocument({ statements }),
      ...kind,
    }).ref;
  }
}
