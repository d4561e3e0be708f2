/** Lists and objects are stored as JSON in text columns, undefined as null. */
export function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

export function parseJson(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}
