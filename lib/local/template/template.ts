import * as z from "zod";

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});
export type Resource = z.infer<typeof Resource>;

/** A CloudFormation template, as `cdk synth` writes it. `Rules` (checked by CloudFormation when deploying) are not read. */
export const Template = z.object({
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string(), Default: z.unknown().optional() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), Resource),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown().optional(), Condition: z.string().optional() }))
    .default({}),
});
export type Template = z.infer<typeof Template>;

/** The template cannot run here: what is wrong, at which logical id, and what is allowed. */
export class TemplateError extends Error {
  override name = "TemplateError";
}
