/** What oclif uses at each start, and what we use ourselves. */
const shared = new Set(['debug', 'get-package-type', 'supports-color', 'semver'])

/** Marks what this plugin itself wants to have resolved. */
const resolving = Symbol('resolving')

/**
 * Leaves out the packages that oclif requires for some of its commands only: each gets a file of its own below
 * `dist/packages`. esbuild splits at `import()` and not at `require`, and would put them all, more code than oclif itself
 * is, into the file that each start reads.
 *
 * @returns an esbuild plugin, and once it has run those packages as entry points for a build of their own.
 */
export function packagesApart() {
  const files = new Map()
  return {
    entryPoints: () => [...files].map(([name, path]) => ({in: path, out: `dist/packages/${name}`})),
    plugin: {
      name: 'packages-apart',
      setup({onResolve, resolve, onEnd}) {
        onResolve({filter: /^[\w-]+$/}, async ({path: name, pluginData, ...asked}) => {
          if (asked.kind !== 'require-call' || pluginData === resolving || shared.has(name)) return undefined
          if (!/@oclif[/\\]core[/\\]lib[/\\]/.test(asked.importer)) return undefined
          const {path, namespace, external} = await resolve(name, {...asked, pluginData: resolving})
          if (external || namespace !== 'file') return undefined
          files.set(name, path)
          return {path: `../packages/${name}.js`, external: true}
        })
        onEnd(() => {
          if (files.size < 10) throw new Error(`oclif requires other packages (only ${[...files.keys()].join(', ')})`)
        })
      },
    },
  }
}
