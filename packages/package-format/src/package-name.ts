/** Characters. */
const maxPackageNameLength = 214

const packageName = /^(@[a-z0-9-]+\/)?[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/

const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/

/**
 * Explains why a string isn't a package name, completing "the name …". Returns undefined if it is one: `@username/name`,
 * `@organization/name`, or `name` alone, which some registries have from before packages had scopes.
 */
export function packageNameProblem(text: string): string | undefined {
  if (text.length > maxPackageNameLength) return `is longer than ${maxPackageNameLength} characters`
  // Its directory could not be created on Windows.
  if (deviceName.test(text)) return 'is the name of a Windows device'
  if (!packageName.test(text)) {
    return 'must be @scope/name in lowercase letters, digits, `-`, `.` and `_`, beginning and ending with a letter or digit'
  }
  return undefined
}

export function isPackageName(text: string): boolean {
  return packageNameProblem(text) === undefined
}

/**
 * Explains why a package can't be published under a name, completing "the name …". Returns undefined if it can: the name
 * is valid and has a scope.
 */
export function publishedNameProblem(text: string): string | undefined {
  return text.startsWith('@') ? packageNameProblem(text) : 'must be scoped: @username/name or @org/name'
}

/** Returns `@acme` for `@acme/tool`, and an empty string for a name without a scope. @param name a valid name */
export function scopeOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf('/')))
}

/** Whether a string is the scope of a package name, such as `@acme`. Not to be confused with `isTokenScope`. */
export function isPackageScope(text: string): boolean {
  return /^@[a-z0-9-]+$/.test(text)
}

/** Returns the name of the file that a package is packed into: `acme-tool-1.0.0.tar.zst` for `@acme/tool`. */
export function archiveFileName(name: string, version: string): string {
  return `${name.replaceAll('@', '').replaceAll('/', '-')}-${version}.tar.zst`
}
