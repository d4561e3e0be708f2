/**
 * A reporter for `node --test` that writes each skipped test as a line of JSON: `{name, reason}`. `skipped-tests.js` reads
 * them.
 */
export default async function* skippedTests(source) {
  for await (const {type, data} of source) {
    const {name, skip} = data
    if (type === 'test:pass' && skip !== undefined)
      yield `${JSON.stringify({name, reason: skip === true ? '' : skip})}\n`
  }
}
