import {readFileSync} from 'node:fs'

/** The expression that decodes the embedded text to WebAssembly, with base91 and a decompressor in JavaScript. */
const unpacking = /(?<=\?\?=)\w+\(\w+\(\w+\)\)(?=,)/

/**
 * Ships the WebAssembly of `@hpcc-js/wasm-zstd` as a file. The package embeds it as compressed text, which takes longer to
 * decode than V8 takes to compile the result.
 *
 * @returns an esbuild plugin and, after the build, the bytes of `dist/zstd.wasm`
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
          if (!wasm || !WebAssembly.validate(wasm)) throw new Error('wasm-zstd has changed how it embeds its WebAssembly')
        })
      },
    },
  }
}

async function evaluated(source) {
  const {wasm} = await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)
  return wasm
}
