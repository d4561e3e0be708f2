import type {Token} from '../../account/token/token.js'

/** The packages that a token is limited to, or the only version that it can publish. */
export function tokenPackages({packages, release}: Pick<Token, 'packages' | 'release'>): string[] {
  return release === null ? packages : packages.map((name) => `${name}@${release.version}`)
}

/** Like `tokenPackages`, in words. */
export function shownPackages(token: Pick<Token, 'packages' | 'release' | 'organization'>): string {
  return tokenPackages(token).join(', ') || allPackages(token, 'all')
}

/** What a token without a limit can access. The packages of an organization are those of its scope. */
export function allPackages({organization}: Pick<Token, 'organization'>, all: string): string {
  return organization === null ? all : `@${organization}/*`
}
