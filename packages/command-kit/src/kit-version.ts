/** The version of this kit; that of its package.json, which a test holds it to. */
export const kitVersion = '0.1.0'

/**
 * Whether a command that was built on one version of the kit works where apkg has another (Semantic Versioning: the same
 * major version, and below 1.0.0 the same minor version).
 */
export function isCompatibleKit(builtOn: string, version = kitVersion): boolean {
  return seriesOf(builtOn) === seriesOf(version)
}

function seriesOf(version: string): string {
  const [major = '', minor = ''] = version.split('.')
  return major === '0' ? `0.${minor}` : major
}
