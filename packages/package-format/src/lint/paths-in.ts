import type {PackageFile} from '../conversion.js'

/**
 * The files and directories below a directory, by their paths in it. A directory ends with a slash.
 *
 * @param root with a slash at the end; empty for all files.
 */
export function pathsIn(root: string, files: readonly Pick<PackageFile, 'path'>[]): Set<string> {
  const paths = new Set<string>()
  for (const {path} of files) {
    if (!path.startsWith(root)) continue
    const own = path.slice(root.length)
    paths.add(own)
    for (let end = own.indexOf('/'); end !== -1; end = own.indexOf('/', end + 1)) paths.add(own.slice(0, end + 1))
  }
  return paths
}
