/** Lists and objects are kept as JSON in text columns, and nothing as null. */
export function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

export function parseJson(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}
