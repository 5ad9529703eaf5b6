/** A name in letters and digits, for ids that allow no others: `acme-eu` is `AcmeEu`. */
export function plainName(name: string): string {
  return name.replace(/(?:^|[_-]+)([A-Za-z0-9]?)/g, (_, first: string) => first.toUpperCase());
}
