import {pipeline, type Readable, Transform} from 'node:stream'

/** The same bytes; the stream fails where they end before so many came: an answer that announced them must not seem whole. */
export function exactLength(bytes: Readable, length: number): Readable {
  let missing = length
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      missing -= chunk.length
      done(null, chunk)
    },
    flush(done) {
      done(missing === 0 ? null : new Error(`The bytes ended too early: ${missing} of ${length} are missing`))
    },
  })
  return pipeline(bytes, counted, () => undefined)
}
