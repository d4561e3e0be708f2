import type {PackageId} from './ledger.js'
import type {Loader} from './packument-loader.js'

/** A version that should not be used, and why. */
export interface Deprecation extends PackageId {
  message: string
}

/** Which of some packages should not be used, as far as the registry has told of them in this run. */
export async function deprecationsOf(packages: readonly PackageId[], load: Loader): Promise<Deprecation[]> {
  const all = await Promise.all(
    packages.map(async ({name, version}) => {
      const {versions = {}, deprecated} = (await load.told(name)) ?? {}
      const message = (Object.hasOwn(versions, version) ? versions[version]?.deprecated : undefined) ?? deprecated
      return typeof message === 'string' ? [{name, version, message}] : []
    }),
  )
  return all.flat()
}
