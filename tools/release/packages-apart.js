/** Packages that oclif uses at each start, or that we use ourselves. */
const shared = new Set(['debug', 'get-package-type', 'supports-color', 'semver'])

/** Marks the requests of this plugin itself. */
const resolving = Symbol('resolving')

/**
 * Moves the packages that oclif requires for some of its commands only to files below `dist/packages`. esbuild splits at
 * `import()` but not at `require`, so it would put all of them, more code than oclif itself, into the file that every
 * start reads.
 *
 * @returns an esbuild plugin and, once it has run, those packages as entry points for a second build.
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
          if (files.size < 10) throw new Error(`oclif requires fewer packages than expected (${[...files.keys()].join(', ')})`)
        })
      },
    },
  }
}
