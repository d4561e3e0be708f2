import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'

/** A package of the graph, at the one version that was chosen. */
export interface ResolvedPackage extends LockedPackage {
  yanked: boolean
}
