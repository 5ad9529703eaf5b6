/** What the generated conditions ask of a job. */
export type About = {
  complexity: string;
  hasTools: boolean;
  responseFormat: string;
  dataClass: string;
  residency: string;
  tenant: string;
  priority: string;
  kind: string | undefined;
};

/** Conditions that generated configurations use, and what each must say; undefined is "cannot be evaluated". */
const meanings: Readonly<Record<string, (about: About) => boolean | undefined>> = {
  'complexity != "lightweight"': ({ complexity }) => complexity !== "lightweight",
  hasTools: ({ hasTools }) => hasTools,
  'responseFormat == "json_schema" && !hasTools': ({ responseFormat, hasTools }) =>
    responseFormat === "json_schema" && !hasTools,
  'dataClass == "internal"': ({ dataClass }) => dataClass === "internal",
  'residency == ""': ({ residency }) => residency === "",
  'tenant == "acme"': ({ tenant }) => tenant === "acme",
  'priority == "high"': ({ priority }) => priority === "high",
  'tags.kind == "report"': ({ kind }) => (kind === undefined ? undefined : kind === "report"),
  'has(tags.kind) && tags.kind == "report"': ({ kind }) => kind === "report",
  "inputTokens > 1000000": () => false,
};

export const conditions = Object.keys(meanings);

export function holds(when: string, about: About): boolean | undefined {
  const meaning = meanings[when];
  if (meaning === undefined) throw new Error(`There is no meaning for ${when}.`);
  return meaning(about);
}
