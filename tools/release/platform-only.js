import {dirname} from 'node:path'

/** What oclif imports to name the platform at each start. It needs only `isWsl`, and `powerShellPath` rarely, on Windows. */
const name = 'wsl-utils'

const contents = `
  export {default as isWsl} from 'is-wsl'
  export const powerShellPath = async () => (await import('${name}')).powerShellPath()`

/** Loads the package that detects WSL without the rest of \`wsl-utils\`, which loads \`child_process\` immediately. */
export function platformOnly() {
  return {
    name: 'platform-only',
    setup({onResolve, onLoad, onEnd}) {
      let found = 0
      onResolve({filter: new RegExp(`^${name}$`)}, ({path, importer}) => {
        if (!/@oclif[/\\]core[/\\]lib[/\\]util[/\\]os\.js$/.test(importer)) return undefined
        found++
        return {path, namespace: 'platform-only', pluginData: {importer}}
      })
      onLoad({filter: /.*/, namespace: 'platform-only'}, ({pluginData}) => ({contents, resolveDir: dirname(pluginData.importer)}))
      onEnd(() => {
        if (found === 0) throw new Error(`oclif no longer imports ${name} in util/os.js`)
      })
    },
  }
}
