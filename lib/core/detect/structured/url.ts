/** How far back a URL's beginning is looked for. */
const reach = 160;

/**
 * Whether the number at `start` is a part of a URL that no name of a parameter describes: an id, a time, a hash. Behind
 * `=` it may be personal, and tel: and wa.me links are phone numbers.
 */
export function isInUrl(text: string, start: number): boolean {
  const previous = text.charAt(start - 1);
  if (!"/-_.?&#+%:".includes(previous) || previous === "") return false;
  let first = start - 1;
  const floor = Math.max(0, start - reach);
  while (first > floor && !/[\s"'<>()[\]]/.test(text.charAt(first - 1))) first -= 1;
  const url = text.slice(first, start);
  return (url.includes("://") || url.startsWith("www.")) && !/(?:wa\.me\/|phone=|tel=|tel:)\+?$/.test(url);
}
