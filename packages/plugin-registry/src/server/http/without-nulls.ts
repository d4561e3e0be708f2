/** The fields that have a value: some clients take null for a mistake where they take absence for an answer. */
export function withoutNulls<Fields extends object>(
  fields: Fields,
): {[Key in keyof Fields]?: NonNullable<Fields[Key]>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as {
    [Key in keyof Fields]?: NonNullable<Fields[Key]>
  }
}
