import {readFileSync} from 'node:fs'

/**
 * got checks its options with `@sindresorhus/is`, which creates two `Intl.ListFormat` when it is loaded, for rare error
 * messages. The first use of `Intl` in a process loads its data, so this creates them on first use.
 */
export function lazyListFormat() {
  return {
    name: 'lazy-list-format',
    setup({onLoad, onEnd}) {
      let changed = 0
      onLoad({filter: /@sindresorhus[/\\]is[/\\]distribution[/\\]index\.js$/}, ({path}) => ({
        contents: readFileSync(path, 'utf8').replaceAll(
          /^const (\w+)Formatter = (new Intl\.ListFormat\(.*\));$/gm,
          (_, name, made) => {
            changed++
            return `const ${name}Formatter = {format: (list) => ${made}.format(list)};`
          },
        ),
      }))
      onEnd(() => {
        if (changed !== 2) throw new Error(`@sindresorhus/is has changed how it creates Intl.ListFormat (${changed} of 2 found)`)
      })
    },
  }
}
