/** Characters. */
const maxPackageNameLength = 214

const scoped = /^@[a-z0-9-]+\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/

/**
 * Explains why a string isn't a package name, completing "the name …". Returns undefined if it is one: `@username/name`
 * or `@organization/name`.
 */
export function packageNameProblem(text: string): string | undefined {
  if (text.length > maxPackageNameLength) return `is longer than ${maxPackageNameLength} characters`
  if (!text.startsWith('@')) return 'must be scoped: @username/name or @org/name'
  if (!scoped.test(text)) {
    return 'must be @scope/name in lowercase letters, digits, `-`, `.` and `_`, beginning and ending with a letter or digit'
  }
  return undefined
}

export function isPackageName(text: string): boolean {
  return packageNameProblem(text) === undefined
}

/** Returns `@acme` for `@acme/tool`. @param name a valid name */
export function scopeOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}

/** Whether a string is the scope of a package name, such as `@acme`. Not to be confused with `isTokenScope`. */
export function isPackageScope(text: string): boolean {
  return /^@[a-z0-9-]+$/.test(text)
}

/** Returns the name of the file that a package is packed into: `acme-tool-1.0.0.tar.zst` for `@acme/tool`. */
export function archiveFileName(name: string, version: string): string {
  return `${name.replaceAll('@', '').replaceAll('/', '-')}-${version}.tar.zst`
}
