/** A policy that cannot be judged: which, where, and what is understood. Nothing in a policy is passed over in silence. */
export class PolicyError extends Error {
  override name = "PolicyError";
}
