/** Converts a list or an object to JSON for a text column, and undefined to null. */
export function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

export function parseJson(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}
