import {
  canonicalRegistry,
  hasCode,
  isApkgError,
  RegistryCommand,
  type AuthPolicy,
  type RegistryClient,
  type RegistryFlags,
} from '@apkg/command-kit'

import {findProject} from '../project/find-project.js'
import {packageOfProject} from '../project/package-of-project.js'
import {readRoutes} from '../project/read-routes.js'
import {PackageRegistries} from '../trust/package-registries.js'
import {assertRouteFits, noRoutes, routeOf, type Routes} from '../trust/routes.js'
import {whyTrustIsUnread} from '../trust/unread-trust.js'

/** The base class of commands about packages, which get each package from the registry that its scope is routed to. */
export abstract class RoutedCommand<Result extends object> extends RegistryCommand<Result> {
  // oclif's manifest lacks what is inherited across a class that has no static members.
  static override readonly baseFlags = RegistryCommand.baseFlags

  /**
   * Creates a client for the registry of one package.
   *
   * @throws {ApkgError} `ROUTE_CONTRADICTED`, `ROUTES_UNACCEPTED`; the errors of `readRoutes` and `connect`.
   */
  protected async connectFor(name: string, flags: RegistryFlags, auth?: AuthPolicy): Promise<RegistryClient> {
    const {home} = this.ports
    let routes: Routes
    try {
      routes = await this.#routes(home)
    } catch (error) {
      if (!hasCode(error, 'FILE_UNREADABLE')) throw error
      const {client} = await this.connect(flags, auth)
      this.warning(`${await whyTrustIsUnread(home, client)}. The routes of scopes were not read.`)
      return client
    }
    assertRouteFits(name, routes, flagOf(flags))
    const route = routeOf(routes, name)
    const {client} = await (route === undefined ? this.connect(flags, auth) : this.connectTo(route, flags, auth))
    return client
  }

  /**
   * Like `connectFor`, for a package or scope that the user can name. Otherwise, it is the package of the current project,
   * unless `--registry` is given.
   */
  protected async connectForOwn(named: string | undefined, flags: RegistryFlags): Promise<RegistryClient> {
    const name = named ?? (flags.registry === undefined ? await packageOfProject(this.ports) : undefined)
    return name === undefined ? (await this.connect(flags)).client : this.connectFor(name, flags)
  }

  /**
   * Finds out which registry each package comes from, and connects to the selected one.
   *
   * @throws {ApkgError} `ROUTES_UNACCEPTED`; the errors of `readRoutes` and `connect`.
   */
  protected async connectAll(flags: RegistryFlags): Promise<PackageRegistries> {
    const {client} = await this.connect(flags)
    const registries = await this.registriesBeside(client, flags, this.ports.home)
    registries.assertAccepted()
    return registries
  }

  /** Does not assert that the project's routes are accepted. @param home a home directory to read the routes from. */
  protected async registriesBeside(
    selected: RegistryClient,
    flags: RegistryFlags,
    home: string,
  ): Promise<PackageRegistries> {
    return new PackageRegistries({
      selected,
      routes: await this.#routes(home),
      flag: flagOf(flags),
      connect: async (registry) => (await this.connectTo(registry, flags)).client,
    })
  }

  /** The registries that scopes are routed to, besides the one of a client. Empty if the routes can't be read. */
  protected async routedElsewhere({registry}: RegistryClient, flags: RegistryFlags): Promise<string[]> {
    if (flags.registry !== undefined) return []
    const {accepted} = await this.#routes(this.ports.home).catch((error: unknown) => {
      if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
      return noRoutes
    })
    return [...new Set(Object.values(accepted))].filter((each) => each !== registry).sort()
  }

  #routes(home: string): Promise<Routes> {
    return readRoutes(projectOf(this.ports), home)
  }
}

/** Undefined if the current directory doesn't exist, which only commands about a project need. */
function projectOf(ports: Parameters<typeof findProject>[0]): string | undefined {
  try {
    return findProject(ports)
  } catch (error) {
    if (hasCode(error, 'CWD_UNUSABLE')) return undefined
    throw error
  }
}

function flagOf({registry}: RegistryFlags): string | undefined {
  return registry === undefined ? undefined : canonicalRegistry(registry, '--registry')
}
