/**
 * The tests that take too long for `npm test`, in groups. A file belongs to a group by its name,
 * `<subject>.slow-<group>.test.ts`, and stands where its subject stands. A new group is one more line here.
 */
export const slowGroups = {
  kills: 'clients, setups and registries, ended by kill -9 and used again',
  processes: 'several processes that read and write the same files at once',
  hostile: 'hostile packages and archives, each in a process whose memory is measured',
  completion: 'Tab in bash, zsh and fish, on a pseudo-terminal',
  plugins: 'plugins as third parties ship them, packed and installed by npm',
  release: 'the packed release: what it loads, and that it needs nothing of the checkout',
  proxy: 'the registry behind nginx, and with TLS of its own',
}

/** The group of a test file; undefined for a file that `npm test` runs. */
export function groupOf(path) {
  const [, group] = /\.slow-([a-z]+)\.test\.[jt]s$/.exec(path) ?? []
  if (group !== undefined && !Object.hasOwn(slowGroups, group)) {
    throw new Error(`${path}: \`${group}\` is not a group of tools/slow-groups.js`)
  }
  return group
}
