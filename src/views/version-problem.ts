/** What is wrong with a version, as a sentence that names it; one that does so already stays as it is. */
export function versionProblem({package: name, version}: {package: string; version: string}, text: string): string {
  const id = `${name}@${version}`
  return text.includes(id) ? text : `${id}: ${text}`
}
