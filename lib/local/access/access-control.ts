import type { Deployment } from "../../core/configuration/document.ts";
import type { AuthorizeRequest } from "../emulators/aws-endpoint.ts";
import type { AuthorizeCall } from "../emulators/dynamodb.ts";
import type { Account } from "../iam/account.ts";
import type { LambdaFunction } from "../resources/lambda-function.ts";
import { accountId } from "../template/resource-types.ts";
import { callerOf, functionAccessKeyId, setupAccessKeyId, signerOf } from "./access-keys.ts";
import { actionsByService } from "./actions-by-service.ts";
import type { ApiRequest } from "./api-request.ts";
import { converseActions } from "./bedrock.ts";
import { type Denial, notAuthenticated } from "./denial.ts";
import { type CountedDenial, createDenialLog } from "./denial-log.ts";
import { createGuard, type FunctionIdentity, type Guard } from "./guard.ts";
import type { Network } from "./network.ts";
import { toLearnOfAbsence } from "./s3.ts";
import { createSecretArns } from "./secrets-manager.ts";

/**
 * Who may do what in one engine. Functions are held to their roles' policies, and to those of the queues, buckets, topics
 * and keys that they use. Other clients are the person's own, and may do everything; models are called by functions, so
 * there a client must be one that is known.
 */
export type AccessControl = {
  /** With which the engine creates resources. */
  readonly setupAccessKeyId: string;
  /** A new access key id, which stands for the function's role. */
  issue(definition: LambdaFunction): string;
  /** From then on functions may call; there must be none before. */
  enforce(account: Account, network: Network): void;
  secretArn(secretId: string): string;
  authorizeRequest: AuthorizeRequest;
  authorizeCall: AuthorizeCall;
  /** Whether who signed a request may call a deployment's model; nobody may who signed none or is not known. */
  authorizeModel(deployment: Deployment, request: Pick<ApiRequest, "headers" | "url">): Denial | undefined;
  denials(): CountedDenial[];
};

export function createAccessControl(options: {
  region: string;
  random: () => number;
  /** Access keys of the person's own clients. */
  clients: ReadonlySet<string>;
  /** Told of each denial when it first occurs. */
  onDenied: (denial: Denial) => void;
}): AccessControl {
  const place = { region: options.region, accountId };
  const setup = setupAccessKeyId();
  const secretArn = createSecretArns(place, options.random);
  const actions = actionsByService(secretArn);
  const functions = new Map<string, FunctionIdentity>();
  const log = createDenialLog(options.onDenied);
  let guard: Guard | undefined;

  const authorizeCall: AuthorizeCall = ({ signer, call, asked }) => {
    if (guard === undefined) throw new Error("A function calls before it is known what it may do.");
    return guard.check(signer, call, asked);
  };

  return {
    setupAccessKeyId: setup,
    issue({ name: functionName, arn: functionArn, roleArn, subnetIds }) {
      const id = functionAccessKeyId();
      functions.set(id, { functionName, functionArn, roleArn, subnetIds });
      return id;
    },
    enforce(account, network) {
      guard = createGuard({ account, network, functions, onDenied: log.add });
    },
    secretArn,
    authorizeRequest({ call, signer, ofAbsent, ...request }) {
      const [service = "", operation = ""] = call.split(".");
      const asked = actions[service]?.(operation, request, place);
      return authorizeCall({ signer, call, asked: ofAbsent ? asked?.concat(toLearnOfAbsence(request)) : asked });
    },
    authorizeCall,
    authorizeModel(deployment, request) {
      if (deployment.provider !== "bedrock") return undefined;
      const signer = signerOf(request);
      const call = "bedrock.Converse";
      if (signer !== undefined && callerOf(signer, setup) === "functions")
        return authorizeCall({ signer, call, asked: converseActions(deployment, accountId) });
      if (signer !== undefined && options.clients.has(signer)) return undefined;
      const denial = notAuthenticated(call, signer);
      log.add(denial);
      return denial;
    },
    denials: log.list,
  };
}
