import { describe, expect, it } from "vitest";
import {
  ClassifyEnvironment,
  InvokeEnvironment,
  PlanEnvironment,
  parseEnvironment,
} from "../../lib/runtime/environment.ts";

const common = { TABLE_NAME: "t", POLICY_BUCKET: "p", AWS_REGION: "us-east-1", PATH: "/bin" };
const plan = {
  ...common,
  INTAKE_BUCKET: "i",
  CHUNKS_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/1/switchyard-chunks",
  COLLECT_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/1/switchyard-collect",
};
const invoke = {
  ...common,
  LANE: "openai-general",
  ZONE: "general",
  ZONE_BUCKET: "g",
  LANE_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/1/switchyard-openai-general",
  LANE_DEAD_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/1/switchyard-openai-general-dead",
  COLLECT_QUEUE_URL: plan.COLLECT_QUEUE_URL,
  LEASE_SECONDS: "150",
};

describe("a function's environment", () => {
  it("is read into what the function uses", () => {
    expect(parseEnvironment(InvokeEnvironment, invoke)).toEqual({
      ...invoke,
      PATH: undefined,
      LEASE_SECONDS: 150,
      SWITCHYARD_PROVIDER_ENDPOINTS: {},
    });
  });

  it("that is not complete is one error that names everything missing or wrong", () => {
    const { INTAKE_BUCKET: _, ...rest } = plan;

    const parse = () => parseEnvironment(PlanEnvironment, { ...rest, CHUNKS_QUEUE_URL: "chunks" });

    expect(parse).toThrow(/INTAKE_BUCKET is not set; CHUNKS_QUEUE_URL is wrong: /);
  });

  it("holds maps as JSON", () => {
    const classify = {
      ...plan,
      GENERAL_BUCKET: "g",
      RESTRICTED_BUCKET: "r",
      CHUNKS_QUEUE_ARN: "arn:c",
      JOBS_QUEUE_ARN: "arn:j",
    };
    const urls = { a: plan.CHUNKS_QUEUE_URL };

    const parsed = parseEnvironment(ClassifyEnvironment, { ...classify, LANE_QUEUE_URLS: JSON.stringify(urls) });

    expect(parsed.LANE_QUEUE_URLS).toEqual(urls);
    expect(() => parseEnvironment(ClassifyEnvironment, { ...classify, LANE_QUEUE_URLS: "{" })).toThrow(
      /LANE_QUEUE_URLS is wrong: must be JSON/,
    );
  });

  it.each(["http://127.0.0.1:9/v1", "http://localhost:9", "http://[::1]:9"])(
    "lets %s stand in for a provider",
    (url) => {
      const parsed = parseEnvironment(InvokeEnvironment, {
        ...invoke,
        SWITCHYARD_PROVIDER_ENDPOINTS: `{"gpt":"${url}"}`,
      });

      expect(parsed.SWITCHYARD_PROVIDER_ENDPOINTS).toEqual({ gpt: url });
    },
  );

  it.each(["https://llm.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1", "127.0.0.1"])(
    "lets %s never stand in for a provider",
    (url) => {
      const endpoints = { ...invoke, SWITCHYARD_PROVIDER_ENDPOINTS: `{"gpt":"${url}"}` };

      expect(() => parseEnvironment(InvokeEnvironment, endpoints)).toThrow(
        /SWITCHYARD_PROVIDER_ENDPOINTS\.gpt is wrong/,
      );
    },
  );
});
