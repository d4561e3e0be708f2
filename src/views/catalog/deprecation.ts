import type {Deprecation} from '../../catalog/deprecation/deprecate.js'

export function deprecationNote({name, version, deprecated}: Deprecation): string {
  const target = version === null ? name : `${name}@${version}`
  return deprecated === null ? `Removed deprecation from ${target}` : `Deprecated ${target}`
}
