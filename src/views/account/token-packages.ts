import type {Token} from '../../account/token/token.js'

/** The packages that a token is limited to, or the only version that it can publish. */
export function tokenPackages({packages, release}: Pick<Token, 'packages' | 'release'>): string[] {
  return release === null ? packages : packages.map((name) => `${name}@${release.version}`)
}

/** Like `tokenPackages`, in words. A token of an organization without a limit has the packages of its scope. */
export function shownPackages(token: Pick<Token, 'packages' | 'release' | 'organization'>): string {
  const all = token.organization === null ? 'all' : `@${token.organization}/*`
  return tokenPackages(token).join(', ') || all
}
