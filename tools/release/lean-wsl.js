import {dirname} from 'node:path'

/**
 * oclif asks at each start whether it runs under WSL. The package that knows loads child processes for its other
 * functions, of which oclif uses one, on Windows: that one is imported when it is called.
 */
export function leanWsl() {
  return {
    name: 'lean-wsl',
    setup({onLoad, onEnd}) {
      let changed = 0
      onLoad({filter: /[/\\]wsl-utils[/\\]index\.js$/}, ({path, suffix}) => {
        if (suffix !== '') return undefined
        changed++
        const contents = `
          export {default as isWsl} from 'is-wsl'
          export const powerShellPath = async () => (await import('./index.js?whole')).powerShellPath()`
        return {contents, resolveDir: dirname(path)}
      })
      onEnd(() => {
        if (changed !== 1) throw new Error('oclif learns of WSL in another way')
      })
    },
  }
}
