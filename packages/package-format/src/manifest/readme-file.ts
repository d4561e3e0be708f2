import path from 'node:path'

/**
 * Which file of a package is its readme: the one that the manifest names, else `README.md` in any case; undefined if there
 * is none.
 *
 * @param paths of the files in the package, in their order.
 * @param named `readme` in the manifest; the file may be missing.
 */
export function readmeFile(paths: readonly string[], named: string | undefined): string | undefined {
  // `./docs/a.md` is `docs/a.md` in the archive.
  return named === undefined ? paths.find((each) => /^readme\.md$/i.test(each)) : path.posix.normalize(named)
}
