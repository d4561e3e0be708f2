import type {LedgerPackage, Ledger} from '../project/installation/ledger.js'

/** The installed packages that tools are set up for. */
export interface EligiblePackages {
  packages: LedgerPackage[]
  /** Names of transitive dependencies. */
  transitive: ReadonlySet<string>
}

/**
 * The packages that are completely installed, by name. Linked packages are read separately.
 *
 * @param dependencies of the project's manifest.
 * @param withTransitive whether transitive dependencies are eligible.
 */
export function eligiblePackages(
  {packages, changing, links}: Ledger,
  dependencies: Readonly<Record<string, string>>,
  withTransitive: boolean,
): EligiblePackages {
  const complete = [...packages.values()].filter(({name}) => !changing.has(name) && !links.has(name))
  const transitive = new Set(complete.map(({name}) => name).filter((name) => !Object.hasOwn(dependencies, name)))
  const eligible = complete.filter(({name}) => withTransitive || !transitive.has(name))
  return {packages: eligible.sort((a, b) => (a.name < b.name ? -1 : 1)), transitive}
}
