import type {PackageId} from './ledger.js'
import type {PackumentLoader} from './packument-loader.js'

/** A version that should not be used, and why. */
export interface DeprecatedVersion extends PackageId {
  message: string
}

/**
 * The deprecated versions among some packages, as far as their packuments were loaded in this run.
 *
 * @param known deprecations that the registry named. They come first in doubt.
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
      const message = (Object.hasOwn(versions, version) ? versions[version]?.deprecated : undefined) ?? deprecated
      return typeof message === 'string' ? [{name, version, message}] : []
    }),
  )
  return all.flat()
}
