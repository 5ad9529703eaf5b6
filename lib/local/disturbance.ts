/**
 * What a test does to the services around the functions, all of it within what SQS and Lambda leave open: at-least-once
 * delivery in any order, and processes that stop at any time. The engine runs the same without.
 */
export type Disturbance = {
  /** The batches that are delivered in place of one: in another order, in parts, a message more than once. */
  deliver<Message>(queueName: string, batch: readonly Message[]): Message[][];
  /** Whether the deletion of messages that are done is lost, so that they come again. */
  losesDeletion(queueName: string): boolean;
  /** Seconds after which messages that stay come again; undefined leaves them to the queue's visibility. */
  returnsAfterSeconds(queueName: string): number | undefined;
  /** Whether a process that is over its time-out goes on unseen: a frozen one ends only once it is thawed. */
  outlives(pid: number): boolean;
};
