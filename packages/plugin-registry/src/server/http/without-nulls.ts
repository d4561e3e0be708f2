/** Drops fields without a value. Some clients reject null where they accept a missing field. */
export function withoutNulls<Fields extends object>(
  fields: Fields,
): {[Key in keyof Fields]?: NonNullable<Fields[Key]>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as {
    [Key in keyof Fields]?: NonNullable<Fields[Key]>
  }
}
