import type { Tier, Zone } from "../../../lib/core/names.ts";

type FactValue = boolean | string;
export type WrittenFact = FactValue | { value: FactValue; by?: string; until?: string };

export type WrittenDeployment = {
  provider: "bedrock" | "openai" | "openai-compatible";
  model: string;
  region?: string;
  baseUrl?: string;
  secret?: string;
  price: { inputPerMTok: number; outputPerMTok: number };
  contextTokens?: number;
  supports?: string[];
  facts?: Record<string, WrittenFact>;
};

export type WrittenClass = {
  zone?: Zone;
  require?: Record<string, FactValue>;
  quarantine?: boolean;
  redact?: boolean;
};

export type WrittenResidency = { regions: string[]; inferenceProfiles?: string[]; facts?: Record<string, FactValue> };

export type WrittenEntry = string | { use: string; when?: string };

/** `switchyard.yaml` as people write it: nothing filled in, nothing resolved. */
export type Written = {
  version: 1;
  regions: string[];
  deployments: Record<string, WrittenDeployment>;
  tiers: Record<Tier, { chain: WrittenEntry[] }>;
  aliases?: Record<string, Tier>;
  unknownModel?: "error" | "auto";
  dataClasses: Record<string, WrittenClass | null>;
  untagged: string;
  detect?: { raiseTo: Record<string, string> };
  tenants?: Record<string, { uploads?: string; senders?: string[]; dataClass?: string }>;
  residencies?: Record<string, WrittenResidency>;
  routing?: { rules?: { name: string; when: string; tier: Tier }[]; then?: string[]; default?: Tier };
};
