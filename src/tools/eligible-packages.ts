import type {InstalledPackage, Ledger} from '../project/installation/ledger.js'

/** Which installed packages tools are set up for. */
export interface Eligible {
  packages: InstalledPackage[]
  /** Names of those that the project does not ask for itself. */
  transitive: ReadonlySet<string>
}

/**
 * The packages that are installed whole, by name; linked ones are not: their files are somebody's work in progress.
 *
 * @param dependencies of the project's manifest.
 * @param withTransitive whether packages count that came along with others.
 */
export function eligiblePackages(
  {packages, changing, links}: Ledger,
  dependencies: Readonly<Record<string, string>>,
  withTransitive: boolean,
): Eligible {
  const whole = [...packages.values()].filter(({name}) => !changing.has(name) && !links.has(name))
  const transitive = new Set(whole.map(({name}) => name).filter((name) => !Object.hasOwn(dependencies, name)))
  const eligible = whole.filter(({name}) => withTransitive || !transitive.has(name))
  return {packages: eligible.sort((one, other) => (one.name < other.name ? -1 : 1)), transitive}
}
