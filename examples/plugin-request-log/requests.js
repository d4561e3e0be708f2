import {appendFileSync} from 'node:fs'

/** Prints a line for each request where APKG_TIMINGS=1; APKG_REQUEST_LOG names a file that gets one as JSON. */
export default async function requests() {
  const {APKG_TIMINGS, APKG_REQUEST_LOG} = process.env
  return [
    ...(APKG_TIMINGS === '1' ? [{name: 'timings', observe: print}] : []),
    ...(APKG_REQUEST_LOG ? [{name: 'request log', observe: (request) => append(APKG_REQUEST_LOG, request)}] : []),
  ]
}

function print({method, url, attempt, duration, status, trouble}) {
  const again = attempt > 1 ? `, attempt ${attempt}` : ''
  process.stderr.write(`${method} ${url}: ${status ?? trouble}, ${Math.round(duration)} ms${again}\n`)
}

/** Whole lines, written at once: processes that share a file do not mix theirs, and a killed one loses none. */
function append(file, request) {
  const line = JSON.stringify({at: new Date().toISOString(), pid: process.pid, ...request})
  appendFileSync(file, `${line}\n`, {mode: 0o600})
}
