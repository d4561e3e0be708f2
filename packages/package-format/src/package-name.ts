/** The longest name of a package, in characters. */
const longestPackageName = 214

const scoped = /^@[a-z0-9-]+\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/

/**
 * Why a text is no name of a package, completing "the name …"; undefined where it is one. Names are scoped:
 * `@user/name` or `@organization/name`.
 */
export function packageNameProblem(text: string): string | undefined {
  if (text.length > longestPackageName) return `is longer than ${longestPackageName} characters`
  if (!text.startsWith('@')) return 'must be scoped: @username/name or @org/name'
  if (!scoped.test(text)) {
    return 'must be @scope/name in lowercase letters, digits, `-`, `.` and `_`, beginning and ending with a letter or digit'
  }
  return undefined
}

export function isPackageName(text: string): boolean {
  return packageNameProblem(text) === undefined
}

/** `@acme` of `@acme/tool`. @param name a valid name. */
export function scopeOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}

/** Whether a text is a scope, `@acme`. */
export function isPackageScope(text: string): boolean {
  return /^@[a-z0-9-]+$/.test(text)
}

/** What a packed package's file is called: `acme-tool-1.0.0.tar.zst` for `@acme/tool`. */
export function archiveFileName(name: string, version: string): string {
  return `${name.replaceAll('@', '').replaceAll('/', '-')}-${version}.tar.zst`
}
