import type { LambdaFunction } from "../resources/lambda-function.ts";

/** Loopback endpoints that every function is pointed at. */
export type Endpoints = {
  aws: string;
  /** Where SQS, S3 and DynamoDB are: there too, or elsewhere. */
  stores: { aws: string; dynamodb: string };
  /** Base URLs by deployment. */
  providers: Record<string, string>;
};

/**
 * The whole environment of a function's process: the template's variables, what Lambda sets, the local endpoints with
 * dummy credentials; of this process's environment only PATH (and SystemRoot, without which Windows starts nothing).
 */
export function functionEnvironment(
  definition: LambdaFunction,
  context: {
    region: string;
    /** By which the emulated services know it. */
    accessKeyId: string;
    endpoints: Endpoints;
    compileCache: string;
    inherited: NodeJS.ProcessEnv;
  },
): Record<string, string> {
  const { endpoints, inherited } = context;
  const { logging } = definition;
  return {
    ...(inherited.PATH === undefined ? {} : { PATH: inherited.PATH }),
    ...(inherited.SystemRoot === undefined ? {} : { SystemRoot: inherited.SystemRoot }),
    TZ: "UTC",
    ...definition.variables,
    _HANDLER: definition.handler,
    LAMBDA_TASK_ROOT: definition.directory,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_LAMBDA_LOG_FORMAT: logging.format,
    ...(logging.applicationLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel }),
    AWS_ACCESS_KEY_ID: context.accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: endpoints.aws,
    ...(endpoints.stores.aws === endpoints.aws
      ? {}
      : {
          AWS_ENDPOINT_URL_SQS: endpoints.stores.aws,
          AWS_ENDPOINT_URL_S3: endpoints.stores.aws,
          AWS_ENDPOINT_URL_SNS: endpoints.stores.aws,
        }),
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.stores.dynamodb,
    SWITCHYARD_PROVIDER_ENDPOINTS: JSON.stringify(endpoints.providers),
    NODE_COMPILE_CACHE: context.compileCache,
  };
}

/** A function that signs with other credentials, a person's own to call a real provider, still says which function it is. */
export function identified(environment: Record<string, string>, accessKeyId: string): Record<string, string> {
  if (environment.AWS_ACCESS_KEY_ID === accessKeyId) return environment;
  return { ...environment, AWS_SDK_UA_APP_ID: accessKeyId };
}
