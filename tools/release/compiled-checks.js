import {Build} from 'typebox/schema'

import {fail} from '../workspace.js'

/** What the code that typebox makes of a schema may use, and where it comes from. */
const runtime = {Guard: 'typebox/guard', Hashing: 'typebox/system'}

/**
 * Makes `packages/command-kit/src/client/endpoints.ts` anew: the same endpoints with their checks as code, so that no
 * start builds the schemas of the whole protocol and compiles one of them.
 */
export function compiledChecks() {
  return {
    name: 'compiled-checks',
    setup({onLoad, onEnd}) {
      let changed = 0
      onLoad({filter: /command-kit[/\\]dist[/\\]client[/\\]endpoints\.js$/}, async () => {
        changed++
        const {endpoints} = await import('@apkg/wire/protocol')
        const table = Object.entries(endpoints).map(([name, endpoint]) => `${JSON.stringify(name)}: ${source(endpoint)}`)
        const contents = `export const endpoints = {${table.join(',\n')}}`
        const used = Object.entries(runtime).filter(([name]) => contents.includes(`${name}.`))
        return {contents: [...used.map(([name, from]) => `import {${name}} from '${from}'`), contents].join('\n')}
      })
      onEnd(() => {
        if (changed !== 1) throw new Error('the client knows its endpoints from another module')
      })
    },
  }
}

function source({params, query, body, answer, accessRefusal, ...endpoint}) {
  const facts = JSON.stringify(endpoint)
  return answer ? `{...${facts}, fits: ${check(answer)}}` : facts
}

/** The check that `Compile` of typebox makes, as source. */
function check(schema) {
  const built = Build(schema)
  if (built.UseUnevaluated()) fail('An answer has a schema with `unevaluated…`, which the release build cannot compile.')
  const {identifier, variables} = built.External()
  if (!variables.every((each) => each instanceof RegExp)) fail('A check of an answer refers to what has no source.')
  return `(() => {
    const ${identifier} = [${variables.join(', ')}]
    ${built.Functions().join('\n')}
    return (value) => ${built.Entry()}
  })()`
}
