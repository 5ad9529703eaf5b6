import * as z from "zod";
import type { Template } from "../../../lib/local/template/template.ts";

/** A statement as a template has it, references included. */
const Statement = z.record(z.string(), z.unknown());
export type Statement = z.infer<typeof Statement>;
export type Edit = (template: Template) => Template;

const Document = z.looseObject({ Statement: z.array(Statement) });
const WithStatements = z.union([
  z.looseObject({ KeyPolicy: Document }),
  z.looseObject({ PolicyDocument: Document }),
  z.looseObject({
    AssumeRolePolicyDocument: Document,
    Policies: z.tuple([z.looseObject({ PolicyDocument: Document })]),
  }),
]);

/** The logical id of the one resource of a type whose id matches. */
function idOf({ Resources }: Template, type: string, id: RegExp): string {
  const [found, ...more] = Object.entries(Resources).filter(([each, { Type }]) => Type === type && id.test(each));
  if (found === undefined || more.length > 0)
    throw new Error(`There is not exactly one ${type} ${id}, but ${more.length + (found ? 1 : 0)}.`);
  return found[0];
}

export function arn(template: Template, type: string, id: RegExp): object {
  return { "Fn::GetAtt": [idOf(template, type, id), "Arn"] };
}

export function setProperties(
  type: string,
  id: RegExp,
  edit: (properties: Record<string, unknown>, template: Template) => Record<string, unknown>,
): Edit {
  return (template) => {
    const logicalId = idOf(template, type, id);
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw new Error(`There is no ${logicalId}.`);
    const Properties = edit(structuredClone(resource.Properties), template);
    return { ...template, Resources: { ...template.Resources, [logicalId]: { ...resource, Properties } } };
  };
}

/** Replaces the statements of a role, a key, or a policy of its own. */
export function setStatements(
  type: string,
  id: RegExp,
  edit: (statements: Statement[], template: Template) => Statement[],
): Edit {
  return setProperties(type, id, (properties, template) => {
    const parsed = WithStatements.parse(properties);
    const document = "KeyPolicy" in parsed ? Document.parse(parsed.KeyPolicy) : undefined;
    if (document !== undefined)
      return { ...properties, KeyPolicy: { ...document, Statement: edit(document.Statement, template) } };
    const own = Document.safeParse(parsed.PolicyDocument);
    if (own.success)
      return { ...properties, PolicyDocument: { ...own.data, Statement: edit(own.data.Statement, template) } };
    const [inline] = z.tuple([z.looseObject({ PolicyDocument: Document })]).parse(properties.Policies);
    const statements = edit(inline.PolicyDocument.Statement, template);
    return {
      ...properties,
      Policies: [{ ...inline, PolicyDocument: { ...inline.PolicyDocument, Statement: statements } }],
    };
  });
}

/** Gives a role one statement more. */
export function grant(role: RegExp, statement: Statement | ((template: Template) => Statement)): Edit {
  return setStatements("AWS::IAM::Role", role, (statements, template) => [
    ...statements,
    { Effect: "Allow", ...(typeof statement === "function" ? statement(template) : statement) },
  ]);
}

/** Takes away the statements that have the text in them; throws when there is none. */
export function drop(type: string, id: RegExp, text: string): Edit {
  return setStatements(type, id, (statements) => {
    const rest = statements.filter((statement) => !JSON.stringify(statement).includes(text));
    if (rest.length === statements.length) throw new Error(`No statement of ${type} ${id} has ${text}.`);
    return rest;
  });
}

/** Changes the statements that have the text in them; throws when there is none. */
export function change(
  type: string,
  id: RegExp,
  text: string,
  edit: (statement: Statement, template: Template) => Statement,
): Edit {
  return setStatements(type, id, (statements, template) => {
    if (!statements.some((statement) => JSON.stringify(statement).includes(text)))
      throw new Error(`No statement of ${type} ${id} has ${text}.`);
    return statements.map((statement) =>
      JSON.stringify(statement).includes(text) ? edit(statement, template) : statement,
    );
  });
}

export function both(...edits: readonly Edit[]): Edit {
  return (template) => edits.reduce((edited, edit) => edit(edited), template);
}
