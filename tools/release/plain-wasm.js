import {readFileSync} from 'node:fs'

/** Where the module turns the text that it holds into WebAssembly: base91, and a decompressor in JavaScript. */
const unpacking = /(?<=\?\?=)\w+\(\w+\(\w+\)\)(?=,)/

/**
 * `@hpcc-js/wasm-zstd` carries its WebAssembly as a compressed text, which takes it longer to read than V8 takes to
 * compile what is in there. It is read here, once, and lies in a file of the release.
 *
 * @returns an esbuild plugin, and the bytes for `dist/zstd.wasm` once the build has ended.
 */
export function plainWasm() {
  let wasm
  return {
    bytes: () => wasm,
    plugin: {
      name: 'plain-wasm',
      setup({onLoad, onEnd}) {
        onLoad({filter: /wasm-zstd[/\\]dist[/\\]index\.js$/}, async ({path}) => {
          const text = readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
          const [unpacked] = unpacking.exec(text) ?? []
          if (unpacked === undefined) return undefined
          wasm = await evaluated(`${text}\nexport const wasm = ${unpacked}`)
          const read = `readFileSync(__dirname + '/../zstd.wasm')`
          return {contents: `import {readFileSync} from 'node:fs'\n${text.replace(unpacked, () => read)}`}
        })
        onEnd(() => {
          if (!wasm || !WebAssembly.validate(wasm)) throw new Error('wasm-zstd holds its WebAssembly in another way')
        })
      },
    },
  }
}

async function evaluated(source) {
  const {wasm} = await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)
  return wasm
}
