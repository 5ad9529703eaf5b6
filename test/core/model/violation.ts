/** Something that must never be, in words. */
export class Violation extends Error {}
