import {readFileSync} from 'node:fs'

/**
 * got checks its options by `@sindresorhus/is`, which makes two `Intl.ListFormat` when it is loaded, for messages that
 * are seldom needed: the first use of `Intl` in a process reads its data. Made on use instead.
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
        if (changed !== 2) throw new Error(`@sindresorhus/is makes its Intl.ListFormat in another way (${changed} found)`)
      })
    },
  }
}
