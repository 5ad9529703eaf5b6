/** What one group of callers did, in the units that AWS bills. */
export type ServiceUsage = {
  /** API calls by `service.Operation`, such as `sqs.SendMessageBatch`. */
  calls: Record<string, number>;
  /** SQS requests as billed: one for each 64 KB of payload, at least one a call. */
  sqsRequests: number;
  dynamodbWriteUnits: number;
  dynamodbReadUnits: number;
  /** Events put on an EventBridge bus, each 64 KB as one. */
  customEvents: number;
};

/** Who called: the functions, the services that act for the stack (event source polling, EventBridge), or anybody else. */
export type Caller = "functions" | "services" | "clients";

export type Usage = Record<Caller, ServiceUsage> & {
  /** Receives of the event source polling that found nothing: what waiting costs, however many jobs there are. */
  emptyReceives: number;
  /** "Object Created" events of buckets that send their events to EventBridge. */
  objectEvents: number;
  lambda: {
    invocations: number;
    /** Duration of the handlers, rounded up to 1 ms, times memory. */
    gbSeconds: number;
    /** Start of processes until the handler is loaded; per process, not per job. */
    initGbSeconds: number;
  };
  /** What CloudWatch Logs would ingest: the functions' output and the platform's own lines. */
  logBytes: number;
  /** KMS requests for SQS data keys, estimated from the reuse periods of the queues that were used. */
  kmsRequests: number;
  /** Since the engine started. */
  seconds: number;
};

/** Where the emulated services count what they were asked. */
export type Tally = Record<Caller, ServiceUsage> & {
  emptyReceives: number;
  objectEvents: number;
  queuesUsed: Set<string>;
};

export function createTally(): Tally {
  return {
    functions: noUsage(),
    services: noUsage(),
    clients: noUsage(),
    emptyReceives: 0,
    objectEvents: 0,
    queuesUsed: new Set(),
  };
}

export function noUsage(): ServiceUsage {
  return { calls: {}, sqsRequests: 0, dynamodbWriteUnits: 0, dynamodbReadUnits: 0, customEvents: 0 };
}

/** Adds one group's usage to another's. */
export function addUsage(total: ServiceUsage, part: ServiceUsage): void {
  for (const [call, count] of Object.entries(part.calls)) total.calls[call] = (total.calls[call] ?? 0) + count;
  total.sqsRequests += part.sqsRequests;
  total.dynamodbWriteUnits += part.dynamodbWriteUnits;
  total.dynamodbReadUnits += part.dynamodbReadUnits;
  total.customEvents += part.customEvents;
}

export function countCall(usage: ServiceUsage, call: string): void {
  usage.calls[call] = (usage.calls[call] ?? 0) + 1;
}
