import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { messageOf, wrongUse } from "../errors.ts";

/** Outputs of a stack by their ids; throws CommandError with what to do when there is no such stack or no way to ask. */
export async function describeStack(where: {
  region?: string;
  stack?: string;
  endpoint?: string;
}): Promise<Record<string, string>> {
  const { region, stack, endpoint } = where;
  const client = new CloudFormationClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const known = await client.config.region().catch(() => undefined);
  if (known === undefined)
    throw wrongUse(
      'There is no local engine in this directory and no AWS region is set. Start "npx switchyard local" here, ' +
        "or say the stack's region with --region or AWS_REGION.",
    );
  const name = stack ?? `Switchyard-${known}`;
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  } catch (error) {
    if (!(error instanceof CloudFormationServiceException)) throw error;
    throw wrongUse(
      `The stack ${name} in ${known} cannot be read: ${messageOf(error)}\n` +
        'Is it deployed there, and do your credentials allow cloudformation:DescribeStacks? ("npx switchyard local" runs the same stack on this machine.)',
    );
  } finally {
    client.destroy();
  }
}
