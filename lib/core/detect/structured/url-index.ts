/** Where a text's URLs are. To be asked in ascending order of places. */
export type UrlIndex = {
  /**
   * Whether a number at `start` is part of a URL: an id, a time, a hash. Not behind the `=` of a parameter, whose name says
   * what it is, and not where a link is a phone number.
   */
  hides(start: number): boolean;
};

const noUrls: UrlIndex = { hides: () => false };
const begin = /:\/\/|www\./g;
const end = /[\s"'<>()[\]]/g;

export function createUrlIndex(text: string): UrlIndex {
  begin.lastIndex = 0;
  if (!begin.test(text)) return noUrls;
  let from = begin.lastIndex;
  let to = endOf(text, from);
  return {
    hides(start) {
      while (to <= start && from >= 0) {
        begin.lastIndex = to;
        from = begin.test(text) ? begin.lastIndex : -1;
        to = from < 0 ? text.length : endOf(text, from);
      }
      if (from < 0 || start < from) return false;
      return text.charAt(start - 1) !== "=" && !/wa\.me\/\+?$/.test(text.slice(Math.max(0, start - 8), start));
    },
  };
}

function endOf(text: string, from: number): number {
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}
