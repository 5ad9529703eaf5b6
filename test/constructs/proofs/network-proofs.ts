import * as z from "zod";
import { evaluate } from "../../../lib/local/iam/evaluate.ts";
import { compilePolicy, type IamPolicy } from "../../../lib/local/iam/iam-policy.ts";
import { bucketOf, objectsOf, queueNamed, queuesOfLanes, roleOfZone } from "./places.ts";
import type { Proof } from "./proof.ts";
import { role } from "./roles.ts";
import type { Subject } from "./subject.ts";
import { change, drop, type Edit, setProperties } from "./template-edits.ts";
import { distinct, may, promoted, subjectsWhere, type World } from "./world.ts";

const InNetwork = z.looseObject({ Role: z.string(), VpcConfig: z.looseObject({}) });
const Endpoint = z.looseObject({ PolicyDocument: z.unknown() });

/** Those whose function runs inside the network. */
function insiders(world: World): Subject[] {
  const roles = world.resources.flatMap(({ type, properties }) => {
    const found = InNetwork.safeParse(properties);
    return type === "AWS::Lambda::Function" && found.success ? [found.data.Role] : [];
  });
  return subjectsWhere(world, ({ principal }) => "arn" in principal && roles.includes(principal.arn));
}

/** Everything that could be asked for through an endpoint, wherever it is. */
function requests(world: World): { action: string; resource: string }[] {
  const { account } = world;
  const strange = `arn:aws:sqs:${account.region}:999999999999:any`;
  const objects = [...account.buckets.values()].flatMap((bucket) => objectsOf(world, bucket));
  const tables = world.resources.flatMap(({ type, arn }) => (type === "AWS::DynamoDB::Table" ? (arn ?? []) : []));
  const of = (actions: string[], resources: string[]) =>
    actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
  return [
    ...of(["sqs:SendMessage", "sqs:ReceiveMessage"], [...account.queues.keys(), strange]),
    ...of(["s3:GetObject", "s3:PutObject"], [...objects, "arn:aws:s3:::any/any"]),
    ...of(["s3:ListBucket"], [...account.buckets.keys(), "arn:aws:s3:::any"]),
    ...of(
      ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      [...tables, `arn:aws:dynamodb:${account.region}:${account.id}:table/any`],
    ),
    ...of(
      ["bedrock:InvokeModel"],
      distinct([...world.resourcesFor("bedrock:InvokeModel"), "arn:aws:bedrock:us-west-2::foundation-model/any"]),
    ),
  ];
}

/** What restricted functions do through the endpoints, and nothing else. */
function isWork(world: World, { action, resource }: { action: string; resource: string }): boolean {
  const restricted = bucketOf(world, "restricted").arn;
  const policies = bucketOf(world, "policies").arn;
  const queues = [...queuesOfLanes(world, "restricted"), queueNamed(world, "collect")].map(({ arn }) => arn);
  const lanes = subjectsWhere(world, roleOfZone("restricted"));
  switch (action) {
    case "sqs:SendMessage":
      return queues.includes(resource);
    case "s3:GetObject":
      return resource.startsWith(`${restricted}/`) || resource.startsWith(`${policies}/policies/`);
    case "s3:PutObject":
      return resource.startsWith(`${restricted}/`);
    case "s3:ListBucket":
      return [restricted, policies].includes(resource);
    case "bedrock:InvokeModel":
      return lanes.some((lane) =>
        world.contextsFor(action).some((context) => may(world, lane, action, resource, context)),
      );
    default:
      return action.startsWith("dynamodb:") && !resource.endsWith("/any");
  }
}

function endpointsOf({ resources }: World): IamPolicy[] {
  return resources
    .filter(({ type }) => type === "AWS::EC2::VPCEndpoint")
    .map(({ logicalId, properties }) => {
      const { PolicyDocument } = Endpoint.parse(properties);
      return compilePolicy(PolicyDocument, { name: logicalId, kind: "resource" });
    });
}

const endpointOf = (id: RegExp, edit: (properties: Record<string, unknown>) => Record<string, unknown>): Edit =>
  setProperties("AWS::EC2::VPCEndpoint", id, (properties) => edit(properties));

export const networkProofs: Proof[] = [
  {
    sentence:
      "The code of an isolated function works through the network's endpoints only, whatever another policy grants",
    violations: (world) =>
      insiders(world).flatMap((subject) =>
        requests(world)
          // Lambda polls the queues, from outside; and the fallback calls no model from anywhere.
          .filter(({ action }) => action !== "sqs:ReceiveMessage")
          .filter(({ action }) => subject.kind === "lane" || !action.startsWith("bedrock:"))
          .filter(({ action, resource }) => may(promoted(world, subject), subject, action, resource))
          .map(({ action, resource }) => `${subject.name} may ${action} ${resource} from anywhere`),
      ),
    breaks: [
      {
        how: "a lane's role may be used from anywhere",
        edit: drop("AWS::IAM::Role", role.restrictedLane, "aws:SourceVpce"),
      },
      {
        how: "only reading is bound to the network",
        edit: change("AWS::IAM::Role", role.restrictedFallback, "s3:PutObject", (statement) =>
          statement.Effect === "Deny" ? { ...statement, Action: ["s3:GetObject", "dynamodb:GetItem"] } : statement,
        ),
      },
    ],
  },
  {
    sentence: "An endpoint lets through restricted roles only, for what they do and nothing else",
    violations: (world) =>
      endpointsOf(world).flatMap((policy) =>
        world.subjects.flatMap((subject) =>
          requests(world)
            .filter((request) => !(roleOfZone("restricted")(subject) && isWork(world, request)))
            .filter(
              (request) =>
                evaluate({ ...request, principal: subject.principal, context: {} }, { identity: [], resource: policy })
                  .kind === "allowed",
            )
            .map(({ action, resource }) => `${policy.name} lets ${subject.name} do ${action} to ${resource}`),
        ),
      ),
    breaks: [
      {
        how: "the endpoint of SQS has no policy of its own, and so EC2's, which allows everything",
        edit: endpointOf(/Networksqs/i, (properties) => ({
          ...properties,
          PolicyDocument: { Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] },
        })),
      },
      {
        how: "the endpoint of S3 lets through every bucket",
        edit: endpointOf(/Networks3/i, (properties) => {
          const { Statement } = z
            .looseObject({ Statement: z.array(z.looseObject({})) })
            .parse(properties.PolicyDocument);
          return {
            ...properties,
            PolicyDocument: { Statement: Statement.map((each) => ({ ...each, Resource: "*" })) },
          };
        }),
      },
    ],
  },
];
