/** Roles of the stacks that the breaks change: logical ids of the policy with every kind of deployment. */
export const role = {
  generalLane: /^generalopenaiapi.*InvokeRole/,
  generalBedrock: /^generalbedrockuseast1.*InvokeRole/,
  generalMixed: /^generalbedrockeucentral1.*InvokeRole/,
  restrictedLane: /^restrictedbedrockuseast1.*InvokeRole/,
  restrictedVllm: /^restrictedopenaicompatible.*InvokeRole/,
  generalFallback: /^generalFallback.*Role/,
  restrictedFallback: /^restrictedFallback.*Role/,
  plan: /^PlanFunctionRole/,
  classify: /^ClassifyFunctionRole/,
  collect: /^CollectFunctionRole/,
  sweep: /^SweepFunctionRole/,
};

/** Queues of the same lanes. */
export const queue = {
  general: /^generalopenaiapi.*Queue[0-9A-F]{8}$/,
  generalDead: /^generalopenaiapi.*Dead[0-9A-F]{8}$/,
  restricted: /^restrictedbedrockuseast1.*Queue[0-9A-F]{8}$/,
  restrictedDead: /^restrictedbedrockuseast1.*Dead[0-9A-F]{8}$/,
  collect: /^QueuesCollect[0-9A-F]{8}$/,
  jobs: /^QueuesJobs[0-9A-F]{8}$/,
};

export const key = { intake: /^KeysIntake/, general: /^KeysGeneral/, restricted: /^KeysRestricted/ };

export const bucket = {
  intake: /^StorageIntake[0-9A-F]{8}$/,
  general: /^StorageGeneral[0-9A-F]{8}$/,
  restricted: /^StorageRestricted[0-9A-F]{8}$/,
};
