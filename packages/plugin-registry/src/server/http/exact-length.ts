import {pipeline, type Readable, Transform} from 'node:stream'

/** Passes bytes through, and fails if some are missing, so that a truncated response does not look complete. */
export function exactLength(bytes: Readable, length: number): Readable {
  let missing = length
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      missing -= chunk.length
      done(null, chunk)
    },
    flush(done) {
      done(missing === 0 ? null : new Error(`Truncated: ${missing} of ${length} bytes are missing`))
    },
  })
  return pipeline(bytes, counted, () => undefined)
}
