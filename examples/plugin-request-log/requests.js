import {appendFileSync} from 'node:fs'

/** Prints a line for each request if APKG_TIMINGS=1, and appends one as JSON to the file in APKG_REQUEST_LOG. */
export default async function requests() {
  const {APKG_TIMINGS, APKG_REQUEST_LOG} = process.env
  return [
    ...(APKG_TIMINGS === '1' ? [{name: 'timings', observe: print}] : []),
    ...(APKG_REQUEST_LOG ? [{name: 'request log', observe: (request) => append(APKG_REQUEST_LOG, request)}] : []),
  ]
}

function print({method, url, attempt, duration, status, failure}) {
  const suffix = attempt > 1 ? `, attempt ${attempt}` : ''
  process.stderr.write(`${method} ${url}: ${status ?? failure}, ${Math.round(duration)} ms${suffix}\n`)
}

/** Writes each line in a single call, so that processes can share a file and a killed process leaves no partial line. */
function append(file, request) {
  const line = JSON.stringify({at: new Date().toISOString(), pid: process.pid, ...request})
  appendFileSync(file, `${line}\n`, {mode: 0o600})
}
