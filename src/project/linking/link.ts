import {linkPackage} from './link-package.js'
import {registerLink} from './link-registry.js'
import {findLinkTarget} from './link-target.js'
import {readPackageFolder, type PackageFolder} from './package-folder.js'

/** A linked or registered package. */
export interface LinkResult extends PackageFolder {
  /** Absolute path of the link; null if the package was only registered. */
  location: string | null
}

/**
 * Links a package into the project in a directory; without a target, registers the package in that directory globally.
 *
 * @param target a path or a name, see `findLinkTarget`.
 * @param cwd absolute; what a relative target is relative to.
 * @param project absolute.
 * @throws {ApkgError} the errors of `readPackageFolder`, `registerLink`, `findLinkTarget` and `linkPackage`.
 */
export async function link(
  target: string | undefined,
  {cwd, project, home, now}: {cwd: string; project: string; home: string; now: Date},
): Promise<LinkResult> {
  if (target !== undefined) return linkPackage(await findLinkTarget(target, {cwd, home}), {project, home})
  const found = await readPackageFolder(project)
  await registerLink(home, {...found, linkedAt: now.toISOString()})
  return {...found, location: null}
}
