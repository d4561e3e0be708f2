import type {RegistryClient} from '@apkg/command-kit'

import {assertAccepted, assertRouteFits, routeOf, type RegistryByScope, type Routes} from './routes.js'

export interface PackageRegistriesOptions {
  /** A client for the selected registry, which has the packages of all other scopes. */
  selected: RegistryClient
  routes: Routes
  /** The value of `--registry`, as a canonical URL. */
  flag?: string | undefined
  /** Creates the client for the registry of a route. */
  connect: (registry: string) => Promise<RegistryClient>
}

/**
 * The registry of each package, and one client for each registry. Everything that asks for a package, or sends anything about
 * one, gets its client here. So no registry is asked for the packages of another one.
 */
export class PackageRegistries {
  readonly #clients = new Map<string, Promise<RegistryClient>>()

  constructor(private readonly options: PackageRegistriesOptions) {}

  /** The selected registry; canonical URL. */
  get registry(): string {
    return this.options.selected.registry
  }

  /** The routes that don't lead to the selected registry, by scope. */
  get elsewhere(): RegistryByScope {
    return Object.fromEntries(
      Object.entries(this.options.routes.accepted)
        .filter(([, registry]) => registry !== this.registry)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  }

  /** Asserts that the user has accepted all registries that the project proposes. @throws {ApkgError} `ROUTES_UNACCEPTED`. */
  assertAccepted(): void {
    assertAccepted(this.options.routes)
  }

  /** The registry of a package; canonical URL. @throws {ApkgError} `ROUTES_UNACCEPTED`. */
  of(name: string): string {
    return routeOf(this.options.routes, name) ?? this.registry
  }

  /** A client for the registry of a package. @throws {ApkgError} the errors of connecting to it. */
  client(name: string): Promise<RegistryClient> {
    const registry = this.of(name)
    if (registry === this.registry) return Promise.resolve(this.options.selected)
    const known = this.#clients.get(registry) ?? this.options.connect(registry)
    this.#clients.set(registry, known)
    return known
  }

  /** Groups packages by their registry, each group with a client for it. */
  grouped<Package extends {name: string}>(
    packages: readonly Package[],
  ): Promise<{client: RegistryClient; packages: Package[]}[]> {
    const groups = new Map<string, Package[]>()
    for (const each of packages) {
      const group = groups.get(this.of(each.name))
      if (group) group.push(each)
      else groups.set(this.of(each.name), [each])
    }
    return Promise.all(
      [...groups.values()].flatMap((group) =>
        group.slice(0, 1).map(async ({name}) => ({client: await this.client(name), packages: group})),
      ),
    )
  }

  /**
   * Asserts that `--registry` doesn't contradict the route of a package that was named on the command line.
   *
   * @throws {ApkgError} `ROUTE_CONTRADICTED`.
   */
  assertNoneContradicted(names: readonly string[]): void {
    for (const name of names) assertRouteFits(name, this.options.routes, this.options.flag)
  }

  /**
   * Asserts that `--registry` selects the registry of at least one of a project's packages.
   *
   * @throws {ApkgError} `ROUTE_CONTRADICTED`.
   */
  assertSomeSelected(names: readonly string[]): void {
    const {flag} = this.options
    if (flag !== undefined && names.every((name) => this.of(name) !== flag)) this.assertNoneContradicted(names)
  }
}
