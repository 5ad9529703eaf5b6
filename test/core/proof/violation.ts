/** What the router did and the design forbids. */
export class Violation extends Error {
  override readonly name = "Violation";
}
