import type {PackageId} from './ledger.js'
import type {PackumentLoader} from './packument-loader.js'

/** A version that should not be used, and why. */
export interface DeprecatedVersion extends PackageId {
  /** Null if it was only yanked. */
  message: string | null
  isYanked: boolean
}

/**
 * The deprecated and yanked versions among some packages, as far as their packuments were loaded in this run.
 *
 * @param known deprecations that the registry named. They take precedence over packuments.
 */
export async function deprecationsOf(
  packages: readonly PackageId[],
  loader: Pick<PackumentLoader, 'loaded'>,
  known: readonly DeprecatedVersion[] = [],
): Promise<DeprecatedVersion[]> {
  const all = await Promise.all(
    packages.map(async ({name, version}) => {
      const named = known.find((each) => each.name === name && each.version === version)
      if (named) return [named]
      const {versions = {}, deprecated} = (await loader.loaded(name)) ?? {}
      const found = Object.hasOwn(versions, version) ? versions[version] : undefined
      const message = found?.deprecated ?? deprecated ?? null
      const isYanked = found?.yanked === true
      return message !== null || isYanked ? [{name, version, message, isYanked}] : []
    }),
  )
  return all.flat()
}
