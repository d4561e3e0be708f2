import {scopeOf} from '@apkg/package-format'

import {failure} from './failures.js'

/** A registry for each scope: `{"@acme": "https://registry.example.com"}`. Canonical URLs. */
export type RegistryByScope = Readonly<Record<string, string>>

/** The registries of scopes. */
export interface Routes {
  /** The user's own routes, and those of the project that the user has accepted. */
  readonly accepted: RegistryByScope
  /** Registries that the project proposes, and that the user hasn't accepted. */
  readonly proposed: RegistryByScope
}

export const noRoutes: Routes = {accepted: {}, proposed: {}}

/**
 * The registry that a package's scope is routed to.
 *
 * @throws {ApkgError} `ROUTES_UNACCEPTED` if the user hasn't accepted the registry that the project proposes.
 */
export function routeOf({accepted, proposed}: Routes, name: string): string | undefined {
  const scope = scopeOf(name)
  if (Object.hasOwn(proposed, scope)) throw failure('ROUTES_UNACCEPTED', {proposed})
  return Object.hasOwn(accepted, scope) ? accepted[scope] : undefined
}

/**
 * Asserts that the user has accepted all registries that the project proposes.
 *
 * @throws {ApkgError} `ROUTES_UNACCEPTED`.
 */
export function assertAccepted({proposed}: Routes): void {
  if (Object.keys(proposed).length > 0) throw failure('ROUTES_UNACCEPTED', {proposed})
}

/**
 * Asserts that `--registry` doesn't contradict a package's route.
 *
 * @param flag the value of `--registry`, as a canonical URL.
 * @throws {ApkgError} `ROUTE_CONTRADICTED`; the errors of `routeOf`.
 */
export function assertRouteFits(name: string, routes: Routes, flag: string | undefined): void {
  const route = routeOf(routes, name)
  if (flag === undefined || route === undefined || route === flag) return
  throw failure('ROUTE_CONTRADICTED', {scope: scopeOf(name), route, registry: flag})
}
