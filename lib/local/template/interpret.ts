import { creationOrder } from "./creation-order.ts";
import { evaluateCondition, noValue, resolve, type Scope } from "./intrinsics.ts";
import { accountId, generatedName, type Place, type ResourceType, resourceTypes } from "./resource-types.ts";
import { type Resource, type Template, TemplateError } from "./template.ts";

export type ResolvedResource = {
  logicalId: string;
  type: string;
  /** The physical name. */
  name: string;
  /** What `Ref` gives. */
  reference: string;
  arn: string | undefined;
  properties: Record<string, unknown>;
};

export type Stack = {
  /** What must exist on this machine, each after what it refers to. */
  resources: ResolvedResource[];
  /** What needs nothing here but decides who may do what, or is only referred to. */
  others: ResolvedResource[];
  outputs: Record<string, string>;
};

/**
 * Resolves a whole template for one region and endpoint, without creating anything.
 * Throws TemplateError, naming the logical id, for whatever it does not know: a stack that this passes over in
 * silence would be wired differently here than on AWS.
 */
export function interpretTemplate(
  template: Template,
  target: { region: string; stackName: string; endpoint: string },
): Stack {
  const { region, stackName, endpoint } = target;
  const pseudoParameters: Record<string, unknown> = {
    "AWS::AccountId": accountId,
    "AWS::NoValue": noValue,
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::StackId": `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    "AWS::StackName": stackName,
    "AWS::URLSuffix": "amazonaws.com",
  };
  const names = new Map<string, string>();

  const scope: Scope = {
    reference(id, where) {
      if (id in pseudoParameters) return pseudoParameters[id];
      const parameter = template.Parameters[id];
      if (parameter !== undefined) {
        if (parameter.Default !== undefined) return parameter.Default;
        throw new TemplateError(`${where}: parameter ${id} has no default, and the local engine sets none.`);
      }
      const { resource, type } = find(id, where);
      return type.reference(placeOf(id, resource, type));
    },
    attribute(id, attribute, where) {
      const { resource, type } = find(id, where);
      const read = type.attributes[attribute];
      if (read !== undefined) return read(placeOf(id, resource, type));
      const known = Object.keys(type.attributes).join(", ") || "none";
      throw new TemplateError(
        `${where}: attribute ${attribute} of ${id} (${resource.Type}) is not known to the local engine. Known: ${known}.`,
      );
    },
    condition(name, where) {
      if (!(name in template.Conditions)) throw new TemplateError(`${where}: there is no condition ${name}.`);
      return evaluateCondition(template.Conditions[name], scope, `Conditions.${name}`);
    },
  };

  function find(id: string, where: string): { resource: Resource; type: ResourceType } {
    const resource = template.Resources[id];
    if (resource === undefined) throw new TemplateError(`${where}: there is no resource or parameter ${id}.`);
    const type = resourceTypes[resource.Type];
    if (type !== undefined) return { resource, type };
    throw new TemplateError(
      `${id}: the local engine does not know the resource type ${resource.Type}. ` +
        `Known: ${Object.keys(resourceTypes).join(", ")}. Add it to resource-types.ts, saying what it needs locally.`,
    );
  }

  function placeOf(logicalId: string, resource: Resource, type: ResourceType): Place {
    const place = { region, endpoint, stackName, logicalId, path: pathOf(logicalId, resource, type) };
    const known = names.get(logicalId);
    if (known !== undefined) return { ...place, name: known };
    // Known before it is resolved: a name that refers to its own resource ends here instead of recursing for ever.
    names.set(logicalId, generatedName(resource.Type, place));
    const property = type.nameProperty === undefined ? undefined : resource.Properties[type.nameProperty];
    const given = resolve(property, scope, `${logicalId}.Properties.${type.nameProperty}`);
    if (typeof given === "string") names.set(logicalId, given);
    return { ...place, name: names.get(logicalId) ?? "" };
  }

  function pathOf(logicalId: string, resource: Resource, type: ResourceType): string {
    if (type.pathProperty === undefined) return "/";
    const path = resolve(resource.Properties[type.pathProperty], scope, `${logicalId}.Properties.${type.pathProperty}`);
    return typeof path === "string" ? path : "/";
  }

  const wanted = (condition: string | undefined, where: string): boolean =>
    condition === undefined || scope.condition(condition, where);
  const included = new Map(Object.entries(template.Resources).filter(([id, { Condition }]) => wanted(Condition, id)));

  const resolved = creationOrder(included).map((id) => {
    const { resource, type } = find(id, id);
    const place = placeOf(id, resource, type);
    const properties: Record<string, unknown> = {};
    // Also of types that need nothing here: a policy that refers to nothing fails locally as it would when deploying.
    for (const [key, value] of Object.entries(resource.Properties)) {
      const part = resolve(value, scope, `${id}.Properties.${key}`);
      if (part !== noValue) properties[key] = part;
    }
    const arn = (type.attributes.Arn ?? type.attributes.TopicArn)?.(place);
    return { logicalId: id, type: resource.Type, name: place.name, reference: type.reference(place), arn, properties };
  });

  const outputs: Record<string, string> = {};
  for (const [id, output] of Object.entries(template.Outputs)) {
    if (wanted(output.Condition, id)) outputs[id] = String(resolve(output.Value, scope, `Outputs.${id}`));
  }
  const isCreated = ({ type }: ResolvedResource): boolean => resourceTypes[type]?.local === "created";
  return {
    resources: resolved.filter(isCreated),
    others: resolved.filter((resource) => !isCreated(resource)),
    outputs,
  };
}
