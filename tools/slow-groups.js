/**
 * The groups of tests that take too long for `npm test`. The name of a test file contains its group:
 * `<subject>.slow-<group>.test.ts`. To add a group, add a line here.
 */
export const slowGroups = {
  kills: 'clients, tool setup and registries after a kill -9',
  processes: 'several processes that read and write the same files concurrently',
  rotations: 'random interleavings of the rotation of a token',
  hostile: 'hostile packages and archives, with a limit of memory for each process',
  limits: 'archives and dependency graphs as large as their limits allow',
  types: 'TypeScript code of others that uses our types: plugins and API clients',
  completion: 'Tab in bash, zsh and fish, on a pseudo-terminal',
  plugins: 'plugins that are packed and installed by npm, like those of third parties',
  release: 'the packed release: what it loads, and that it works without the checkout',
  windows: 'the released command on Node.js for Windows, under Wine',
  machines: 'users without an account or a writable home directory, and file systems mounted in a project',
  tools: 'Claude Code, Codex, Copilot CLI and skills, as npm has them: what they find in a project',
  container: 'the container image of the registry, built and used',
  proxy: 'the registry behind nginx, and with its own TLS',
  postgres: 'the registry on PostgreSQL: the store, the API, and broken connections',
  web: 'the pages of the registry in Chromium: journeys, accessibility, hostile content',
  s3: 'a registry whose tarballs are in a real S3 server',
  faults: 'two registries on one database and one bucket, through random faults',
}

/** Returns the group of a test file. Undefined for a file that `npm test` runs. */
export function groupOf(path) {
  const [, group] = /\.slow-([a-z0-9]+)\.test\.[jt]s$/.exec(path) ?? []
  if (group !== undefined && !Object.hasOwn(slowGroups, group)) {
    throw new Error(`${path}: \`${group}\` is not a group in tools/slow-groups.js`)
  }
  return group
}
