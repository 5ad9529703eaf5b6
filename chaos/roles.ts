/** What the functions are: six kinds, of which invoke and fallback exist once a lane or zone. */
export const roles = ["plan", "classify", "invoke", "fallback", "collect", "sweep"] as const;
export type Role = (typeof roles)[number];

/** The kind of a function, by variables that only its kind is given. */
export function roleOf(environment: Readonly<Record<string, string>>): Role {
  if (environment.LANE !== undefined) return "invoke";
  if (environment.ZONE !== undefined) return "fallback";
  if (environment.LANE_QUEUE_URLS !== undefined) return "classify";
  if (environment.UPLOADS_QUEUE_URL !== undefined) return "sweep";
  if (environment.REPLY_QUEUE_URLS !== undefined) return "collect";
  return "plan";
}
