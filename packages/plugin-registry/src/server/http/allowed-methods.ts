import type {RouteOptions} from 'fastify'

/**
 * Builds a lookup of the methods that a path has, for `Allow` headers.
 *
 * @returns a function from a requested path to its methods. They are empty if the path does not exist.
 */
export function allowedMethods(routes: readonly RouteOptions[]): (path: string) => string[] {
  const templates = routes.map(({url, method}) => ({segments: url.split('/'), methods: withHead([method].flat())}))
  return (path) => {
    const segments = path
      .replace(/[?#].*$/s, '')
      .split('/')
      .map(decoded)
    const found = templates.filter((template) => matches(template.segments, segments))
    return [...new Set(found.flatMap(({methods}) => methods))]
  }
}

/** fastify adds HEAD to every route with GET. */
function withHead(methods: string[]): string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, position) => (part.startsWith(':') ? segments[position] !== '' : part === segments[position]))
  )
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
