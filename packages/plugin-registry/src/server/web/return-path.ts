/** A host that no URL has, to detect URLs that leave it. */
const here = 'http://page.invalid'

/**
 * Where to return to after a login.
 *
 * @param given from the address or a form
 * @param isPage whether a path is that of a page
 * @returns the path, with its query, or that of the home page
 */
export function returnPath(given: string | undefined, isPage: (path: string) => boolean): string {
  if (given === undefined || !given.startsWith('/') || !URL.canParse(given, here)) return '/'
  const {origin, pathname, search} = new URL(given, here)
  return origin === here && isPage(pathname) ? pathname + search : '/'
}
