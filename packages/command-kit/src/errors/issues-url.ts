/** Returns where to report bugs of a package: `bugs` in its package.json, or `repository`. Undefined if it has neither. */
export function issuesUrl(manifest: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const url = urlIn(manifest?.['bugs']) ?? urlIn(manifest?.['repository'])
  return url?.replace(/^git\+/, '').replace(/\.git$/, '')
}

function urlIn(field: unknown): string | undefined {
  if (typeof field === 'string') return field
  const {url, email} = (field ?? {}) as {url?: unknown; email?: unknown}
  return [url, email].find((each) => typeof each === 'string')
}
