import type { Deployment, PolicyDocument } from "../core/configuration/document.ts";
import type { Clock, PolicyStore } from "../core/ports.ts";
import type { BundledPolicy } from "./bundled-policy.ts";

/** How long a look at what is current is good for. Source: DESIGN, "Configuration". */
const lookEveryMs = 30_000;

export type PolicySource = {
  /** The document that is current; looked up every 30 s at most. */
  current(): Promise<PolicyDocument>;
  /** The document of a version. Throws when it was never published. */
  version(version: string): Promise<PolicyDocument>;
  /** What `current` last said, without waiting; the bundle's before it was first asked. */
  latest(): PolicyDocument;
  /** A deployment as the latest document has it, or else another that this worker has seen. */
  deployment(name: string): Deployment | undefined;
};

/**
 * Where a worker gets its policy. The first to run from a newer deploy publishes what its bundle carries, if it may; one
 * that may not goes by its bundle until somebody has.
 */
export function createPolicySource(
  store: PolicyStore,
  bundled: BundledPolicy,
  clock: Clock,
  { mayPublish }: { mayPublish: boolean },
): PolicySource {
  const known = new Map<string, Promise<PolicyDocument>>([
    [bundled.document.version, Promise.resolve(bundled.document)],
  ]);
  const seen = [bundled.document];
  let latest = bundled.document;
  let looked: { atMs: number; document: Promise<PolicyDocument> } | undefined;

  const look = async (): Promise<PolicyDocument> => {
    let pointer = await store.current();
    if (mayPublish && (pointer === undefined || pointer.generation < bundled.generation)) {
      // The document first: a version that is current can always be read.
      await store.publish(bundled.document);
      const { document, generation, format } = bundled;
      await store.adopt({ version: document.version, generation, ...(format === undefined ? {} : { format }) });
      pointer = await store.current();
    }
    latest = pointer === undefined ? bundled.document : await version(pointer.version);
    return latest;
  };

  const version = (wanted: string): Promise<PolicyDocument> => {
    const document = known.get(wanted) ?? fetchVersion(wanted);
    known.set(wanted, document);
    return document;
  };

  const fetchVersion = async (wanted: string): Promise<PolicyDocument> => {
    try {
      const document = await store.document(wanted);
      if (document === undefined)
        throw new Error(`The policy version ${wanted} is not in the policy bucket; restore policies/${wanted}.json.`);
      seen.push(document);
      return document;
    } catch (error) {
      // Not for ever: the next to ask tries again.
      known.delete(wanted);
      throw error;
    }
  };

  return {
    current() {
      const atMs = clock();
      if (looked !== undefined && atMs - looked.atMs < lookEveryMs) return looked.document;
      const looking = { atMs, document: look() };
      looked = looking;
      looking.document.catch(() => {
        if (looked === looking) looked = undefined;
      });
      return looking.document;
    },
    version,
    latest: () => latest,
    deployment: (name) =>
      [latest, ...seen].find(({ policy }) => Object.hasOwn(policy.deployments, name))?.policy.deployments[name],
  };
}
