import type { Scope } from "./scope.ts";

/** Two shards of one chunk: two jobs, and one. */
const shards = [{ tenant: "t" }, { tenant: "t" }, { tenant: "u" }];
const pair = [{}, {}];
const shared = { lines: shards, from: "plan", workers: 2, leaves: ["collect"] } as const;

const twice = [{ id: "a" }, { id: "a" }];
const ended = { lines: shards, from: "results", workers: 2 } as const;

/** What is looked at in every run of the tests: each a whole world, of two invocations at a time. */
export const scopes: readonly Scope[] = [
  { ...shared, name: "workers crash and messages come twice", faults: { crash: 1, duplicate: 1 } },
  { ...shared, name: "two workers crash", faults: { crash: 2 } },
  { ...shared, name: "workers freeze past their leases and crash", faults: { freeze: 1, crash: 1 } },
  { ...shared, name: "workers freeze and messages come twice", lines: pair, faults: { freeze: 1, duplicate: 1 } },
  { ...shared, name: "deployments fail and workers crash", faults: { transient: 2, crash: 1 } },
  {
    ...shared,
    name: "a lane's message is dead while its shard is held",
    lines: pair,
    faults: { redrive: 1, duplicate: 1, crash: 1 },
  },
  { ...shared, name: "deployments limit and workers crash", faults: { limited: 1, crash: 1 } },
  {
    ...shared,
    name: "deployments limit and workers freeze",
    lines: [{}],
    faults: { limited: 1, freeze: 1, duplicate: 1 },
  },
  { ...shared, name: "the batch is cancelled", faults: { cancel: 1, crash: 1 } },
  {
    ...shared,
    name: "the batch is cancelled while a worker is frozen",
    lines: pair,
    faults: { cancel: 1, freeze: 1, duplicate: 1 },
  },
  { ...shared, name: "a shard's children go into a child chunk", full: true, faults: { crash: 2, duplicate: 1 } },
  {
    ...shared,
    name: "parts in a child chunk go on elsewhere",
    lines: pair,
    full: true,
    faults: { freeze: 1, transient: 1, duplicate: 1 },
  },
  {
    ...shared,
    name: "messages are lost and sweep comes by",
    lines: pair,
    faults: { lose: 1, hour: 1, sweep: 1 },
  },
  {
    name: "an upload is planned",
    lines: [...pair, { model: "nowhere" }],
    from: "upload",
    workers: 2,
    leaves: ["lane", "collect"],
    faults: { crash: 1, duplicate: 1, cancel: 1 },
  },
  {
    ...shared,
    name: "money is reserved and workers crash",
    lines: pair,
    budgeted: true,
    faults: { crash: 2, duplicate: 1 },
  },
  {
    ...shared,
    name: "money is reserved and deployments fail",
    lines: pair,
    budgeted: true,
    faults: { transient: 2, crash: 1 },
  },
  {
    ...shared,
    name: "money is reserved and the batch is cancelled",
    lines: pair,
    budgeted: true,
    faults: { cancel: 1, crash: 1, duplicate: 1 },
  },
  {
    ...shared,
    name: "money is reserved and workers freeze",
    lines: [{}],
    budgeted: true,
    faults: { freeze: 1, duplicate: 1 },
  },
  { name: "a job is sent twice and functions crash", lines: twice, from: "jobs", workers: 2, faults: { crash: 1 } },
  {
    name: "two jobs, and one is denied",
    lines: [{}, { model: "nowhere" }],
    from: "jobs",
    workers: 2,
    faults: { crash: 1 },
  },
  {
    name: "a job is sent twice and classify freezes",
    lines: twice,
    from: "jobs",
    workers: 2,
    leaves: ["lane", "collect"],
    faults: { freeze: 1 },
  },
  { ...ended, name: "results are collected and collectors crash", faults: { crash: 1, duplicate: 1 } },
  { ...ended, name: "results are collected and collectors freeze", faults: { freeze: 1, duplicate: 1 } },
  {
    name: "all of it, and workers crash",
    lines: pair,
    from: "upload",
    workers: 2,
    faults: { crash: 1 },
    audited: true,
  },
];

const more = { ...shared, lines: pair } as const;

/** What takes minutes: more that goes wrong in one world, and three invocations at a time. */
export const largerScopes: readonly Scope[] = [
  { ...shared, name: "workers crash, freeze, and messages come twice", faults: { crash: 1, duplicate: 1, freeze: 1 } },
  { ...shared, name: "two workers crash and messages come three times", faults: { crash: 2, duplicate: 2 } },
  { ...shared, name: "three workers crash and messages come twice", workers: 3, faults: { crash: 1, duplicate: 1 } },
  { ...more, name: "leases end twice", lines: [{}], faults: { duplicate: 1, crash: 1, freeze: 2 } },
  { ...more, name: "deployments fail and workers freeze", faults: { transient: 2, freeze: 1, duplicate: 1 } },
  { ...more, name: "deployments limit and workers freeze and crash", faults: { limited: 1, freeze: 1, crash: 1 } },
  {
    ...shared,
    name: "the batch is cancelled, workers crash and messages come twice",
    faults: { cancel: 1, crash: 1, duplicate: 1 },
  },
  {
    ...more,
    name: "the batch is cancelled while workers freeze and deployments fail",
    faults: { cancel: 1, freeze: 1, transient: 2 },
  },
  {
    ...more,
    name: "messages are lost, workers crash and sweep comes by",
    faults: { lose: 1, crash: 1, hour: 1, sweep: 1 },
  },
  { ...more, name: "child chunks, and workers freeze", full: true, faults: { crash: 1, duplicate: 1, freeze: 1 } },
  {
    name: "all of it, workers crash and messages come twice",
    lines: pair,
    from: "upload",
    workers: 2,
    faults: { crash: 1, duplicate: 1 },
  },
  {
    name: "a job is sent twice, functions crash and freeze",
    lines: twice,
    from: "jobs",
    workers: 2,
    leaves: ["lane", "collect"],
    faults: { crash: 1, freeze: 1 },
  },
  { ...ended, name: "collectors crash and freeze", faults: { crash: 1, duplicate: 1, freeze: 1 } },
];
