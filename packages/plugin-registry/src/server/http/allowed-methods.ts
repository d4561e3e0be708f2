import type {RouteOptions} from 'fastify'

interface Template {
  segments: string[]
  methods: string[]
  isConcrete: boolean
}

/**
 * Builds a lookup of the methods that a path supports. If it matches a route without parameters, only the methods of
 * that route are returned, even if a route with parameters matches too (OpenAPI 3.1 §4.8.8.2).
 *
 * @returns a function from a request target to its methods; empty if the path does not exist.
 */
export function allowedMethods(routes: readonly RouteOptions[]): (target: string) => string[] {
  /** By number of segments. */
  const templates = new Map<number, Template[]>()
  /** The methods of routes without parameters, by path. */
  const concrete = new Map<string, string[]>()
  for (const {url, method} of routes) {
    const segments = url.split('/')
    const template = {segments, methods: withHead([method].flat()), isConcrete: !segments.some(isParameter)}
    if (template.isConcrete) concrete.set(url, [...new Set([...(concrete.get(url) ?? []), ...template.methods])])
    const others = templates.get(segments.length)
    if (others) others.push(template)
    else templates.set(segments.length, [template])
  }
  return (target) => {
    const path = pathOf(target)
    const known = concrete.get(path)
    if (known) return known
    const segments = path.split('/').map(decoded)
    const found = (templates.get(segments.length) ?? []).filter((template) => matches(template.segments, segments))
    const exact = found.filter(({isConcrete}) => isConcrete)
    return [...new Set((exact.length > 0 ? exact : found).flatMap(({methods}) => methods))]
  }
}

/** fastify adds HEAD to every route with GET. */
function withHead(methods: string[]): string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

/** A request target without its query and fragment. */
function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  return end === -1 ? target : target.slice(0, end)
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return template.every((part, position) => {
    const segment = segments[position] ?? ''
    const start = part.indexOf(':')
    return start === -1 ? part === segment : segment.length > start && segment.startsWith(part.slice(0, start))
  })
}

/** Whether a segment is a parameter, possibly after a fixed text: `@:scope`. */
function isParameter(part: string): boolean {
  return part.includes(':')
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
