import { referencesOf } from "./intrinsics.ts";
import { type Resource, TemplateError } from "./template.ts";

/** The logical ids, each after every resource that it refers to or depends on; throws TemplateError on a cycle. */
export function creationOrder(resources: Map<string, Resource>): string[] {
  const order: string[] = [];
  const state = new Map<string, "visiting" | "done">();

  function visit(id: string, path: string[]): void {
    const resource = resources.get(id);
    if (resource === undefined || state.get(id) === "done") return;
    if (state.get(id) === "visiting") {
      throw new TemplateError(`${id}: the resources depend on each other in a circle: ${[...path, id].join(" → ")}.`);
    }
    state.set(id, "visiting");
    const dependsOn = [resource.DependsOn ?? []].flat();
    for (const dependency of [...dependsOn, ...referencesOf(resource.Properties)]) visit(dependency, [...path, id]);
    state.set(id, "done");
    order.push(id);
  }

  for (const id of resources.keys()) visit(id, []);
  return order;
}
