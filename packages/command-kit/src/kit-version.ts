/** The version of this kit. A test ensures that it is the version in package.json. */
export const kitVersion = '0.1.0'

/**
 * Whether a command that was built with another version of the kit works with this one: the same major version, or the
 * same minor version below 1.0.0 (Semantic Versioning).
 */
export function isCompatibleKit(builtOn: string, version = kitVersion): boolean {
  return seriesOf(builtOn) === seriesOf(version)
}

function seriesOf(version: string): string {
  const [major = '', minor = ''] = version.split('.')
  return major === '0' ? `0.${minor}` : major
}
