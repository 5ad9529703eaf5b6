import { App, Validations } from "aws-cdk-lib";
import type { Bundles } from "../bundle/bundle-functions.ts";
import type { Policy } from "../core/configuration/document.ts";
import { SwitchyardStack } from "../switchyard-stack.ts";

/** An app for the CDK CLI, which says where its assembly goes. CDK's own checks of the templates are on. */
export function createApp(): App {
  return new App({ analyticsReporting: false });
}

/** An app without the checks, which take longer than all the rest. */
export function createUncheckedApp(outDirectory: string): App {
  return new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    treeMetadata: false,
    outdir: outDirectory,
  });
}

/** A value given with `-c name=value`; undefined when it was not. */
export function textContext(app: App, name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined ? undefined : String(value);
}

/** One stack for each region of the policy. */
export function addStacks(
  app: App,
  { policy, bundles, retain }: { policy: Policy; bundles: Bundles; retain: boolean },
): void {
  for (const region of policy.regions) {
    new SwitchyardStack(app, `Switchyard-${region}`, {
      description: "Switchyard: a batch router for large language models",
      env: { region },
      policy,
      bundles,
      retain,
    });
  }
}

/** Fails synthesis on every finding of cdk-nag's AwsSolutions that is not acknowledged. */
export async function checkWithNag(app: App): Promise<void> {
  // Slow to import, so only where it is asked for.
  const { AwsSolutionsChecks } = await import("cdk-nag");
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
