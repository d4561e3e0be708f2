import type {RouteOptions} from 'fastify'

/**
 * Builds a lookup of the methods that a path supports. If it matches a route without parameters, only the methods of
 * that route are returned, even if a route with parameters matches too (OpenAPI 3.1 §4.8.8.2).
 *
 * @returns a function from a requested path to its methods; empty if the path does not exist.
 */
export function allowedMethods(routes: readonly RouteOptions[]): (path: string) => string[] {
  const templates = routes.map(({url, method}) => ({segments: url.split('/'), methods: withHead([method].flat())}))
  return (path) => {
    const segments = path
      .replace(/[?#].*$/s, '')
      .split('/')
      .map(decoded)
    const found = templates.filter((template) => matches(template.segments, segments))
    const concrete = found.filter((template) => !template.segments.some(isParameter))
    return [...new Set((concrete.length > 0 ? concrete : found).flatMap(({methods}) => methods))]
  }
}

/** fastify adds HEAD to every route with GET. */
function withHead(methods: string[]): string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, position) => (isParameter(part) ? segments[position] !== '' : part === segments[position]))
  )
}

function isParameter(part: string): boolean {
  return part.startsWith(':')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
