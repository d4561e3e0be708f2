/** The path of a page about an organization, for `Links.to`. */
export function organizationPath(name: string, page?: string): string {
  return `/-/organizations/${encoded(name)}${page === undefined ? '' : `/${page}`}`
}

/** Builds the address of every page. No other code does, so each link works below the path of the public URL. */
export class Links {
  /** @param prefix the path of the public URL, without a trailing slash; empty if it has none */
  constructor(private readonly prefix: string) {}

  /** @param path a path of the registry, such as `/-/login`. It can have a query. */
  to(path: string, query: Record<string, string | number | undefined> = {}): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
    const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
    return `${this.prefix}${path}${text === '' ? '' : `${path.includes('?') ? '&' : '?'}${text}`}`
  }

  home(): string {
    return this.to('/')
  }

  search(text: string, cursor?: string): string {
    return this.to('/-/search', {q: text, cursor})
  }

  /** @param scope the name of a user or an organization, without the `@` */
  scope(scope: string, cursor?: string): string {
    return this.to(`/@${encoded(scope)}`, {cursor})
  }

  /** Where its admins manage an organization. @param page such as `tokens`; without it, the members */
  organization(name: string, page?: string, query: Record<string, string> = {}): string {
    return this.to(organizationPath(name, page), query)
  }

  /** @param name with its scope */
  package(name: string): string {
    return this.to(`/${encoded(name)}`)
  }

  version(name: string, version: string): string {
    return this.to(`/${encoded(name)}/v/${encoded(version)}`)
  }

  /**
   * @param path of the file or directory in the package; without it, the list of files
   * @param after where a page of the list starts
   */
  files(name: string, version: string, path?: string, after?: string): string {
    return this.to(`/-/files/${encoded(name)}/${encoded(version)}`, {path, after})
  }

  /** The bytes of an image or another file. */
  raw(name: string, version: string, path: string): string {
    return this.to(`/-/raw/${encoded(name)}/${encoded(version)}`, {path})
  }

  /** A file that is written for a tool. */
  toolFile(name: string, version: string, tool: string, path: string): string {
    return this.to(`/-/tools/${encoded(name)}/${encoded(version)}`, {tool, path})
  }

  /** @param after the dependency before the page */
  dependencies(name: string, version: string, after?: string): string {
    return this.to(`/-/dependencies/${encoded(name)}/${encoded(version)}`, {after})
  }

  dependents(name: string, cursor?: string): string {
    return this.to(`/-/dependents/${encoded(name)}`, {cursor})
  }

  tools(name: string, version: string): string {
    return this.to(`/-/tools/${encoded(name)}/${encoded(version)}`)
  }

  /** @param target the path to return to, as a route of the registry */
  login(target: string): string {
    return this.to('/-/login', {to: target})
  }
}

/** Encodes a name or a version for a path, and leaves `@`, `/` and `+`. */
function encoded(text: string): string {
  return encodeURI(text).replaceAll('?', '%3F').replaceAll('#', '%23')
}
